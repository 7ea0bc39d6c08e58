#include "bench/pod_json.h"

#include <array>
#include <cstdint>
#include <cstdio>
#include <initializer_list>
#include <string_view>
#include <utility>

namespace selvage::bench {
namespace {

constexpr std::size_t kPodsPerApp = 20;
constexpr std::size_t kPodsPerNode = 100;
constexpr std::size_t kTeams = 50;

constexpr std::string_view kMetadata =
    R"({"metadata":{"name":"@app@-@hash@-@end@","generateName":"@app@-@hash@-","namespace":"@namespace@",)"
    R"("uid":"@uid@","resourceVersion":"@version@","creationTimestamp":"2024-05-@day@T10:@minute@:07Z",)"
    R"("labels":{"app.kubernetes.io/name":"@app@","app.kubernetes.io/part-of":"shop","pod-template-hash":"@hash@",)"
    R"("tier":"@tier@"},"annotations":{"prometheus.io/port":"9090"},)"
    R"("ownerReferences":[{"apiVersion":"apps/v1","kind":"ReplicaSet",)"
    R"("name":"@app@-@hash@","uid":"@owner@","controller":true,"blockOwnerDeletion":true}],)";

constexpr std::string_view kManagedByController =
    R"("managedFields":[{"manager":"kube-controller-manager","operation":"Update","apiVersion":"v1",)"
    R"("time":"2024-05-@day@T10:@minute@:07Z","fieldsType":"FieldsV1","fieldsV1":{"f:metadata":{"f:annotations":)"
    R"({".":{},"f:prometheus.io/port":{}},"f:generateName":{},)"
    R"("f:labels":{".":{},"f:app.kubernetes.io/name":{},"f:app.kubernetes.io/part-of":{},)"
    R"("f:pod-template-hash":{},"f:tier":{}},"f:ownerReferences":{".":{},"k:{\"uid\":\"@owner@\"}":{}}},)"
    R"("f:spec":{"f:containers":{"k:{\"name\":\"@app@\"}":{".":{},"f:args":{},"f:env":{".":{},)"
    R"("k:{\"name\":\"DATABASE_URL\"}":{".":{},"f:name":{},"f:valueFrom":{".":{},"f:secretKeyRef":{}}},)"
    R"("k:{\"name\":\"LOG_LEVEL\"}":{".":{},"f:name":{},"f:value":{}}},"f:image":{},"f:imagePullPolicy":{},)"
    R"("f:name":{},"f:ports":{".":{},)"
    R"("k:{\"containerPort\":8080,\"protocol\":\"TCP\"}":{".":{},"f:containerPort":{},"f:name":{},"f:protocol":{}},)"
    R"("k:{\"containerPort\":9090,\"protocol\":\"TCP\"}":{".":{},"f:containerPort":{},"f:name":{},"f:protocol":{}}},)"
    R"("f:resources":{},)"
    R"("f:terminationMessagePath":{},"f:terminationMessagePolicy":{}}},"f:dnsPolicy":{},"f:enableServiceLinks":{},)"
    R"("f:restartPolicy":{},"f:schedulerName":{},"f:securityContext":{},"f:terminationGracePeriodSeconds":{}}}},)";

constexpr std::string_view kManagedByKubelet =
    R"({"manager":"kubelet","operation":"Update","apiVersion":"v1","time":"2024-05-@day@T10:@minute@:11Z",)"
    R"("fieldsType":"FieldsV1","fieldsV1":{"f:status":{"f:conditions":{"k:{\"type\":\"ContainersReady\"}":{".":{},)"
    R"("f:lastProbeTime":{},"f:lastTransitionTime":{},"f:status":{},"f:type":{}},"k:{\"type\":\"Initialized\"}":)"
    R"({".":{},"f:lastProbeTime":{},"f:lastTransitionTime":{},"f:status":{},"f:type":{}},"k:{\"type\":\"Ready\"}":)"
    R"({".":{},"f:lastProbeTime":{},"f:lastTransitionTime":{},"f:status":{},"f:type":{}}},)"
    R"("f:containerStatuses":{},"f:hostIP":{},"f:phase":{},"f:podIP":{},"f:podIPs":{".":{},)"
    R"("k:{\"ip\":\"@ip@\"}":{".":{},"f:ip":{}}},"f:startTime":{}}},"subresource":"status"}]},)";

constexpr std::string_view kSpec =
    R"("spec":{"volumes":[{"name":"kube-api-access-@end@","projected":{"sources":[{"serviceAccountToken":)"
    R"({"expirationSeconds":3607,"path":"token"}},{"configMap":{"name":"kube-root-ca.crt","items":[{"key":"ca.crt",)"
    R"("path":"ca.crt"}]}},{"downwardAPI":{"items":[{"path":"namespace","fieldRef":{"apiVersion":"v1","fieldPath":)"
    R"("metadata.namespace"}}]}}],"defaultMode":420}}],"containers":[{"name":"@app@","image":)"
    R"("registry.example/shop/@app@:1.@minute@.3","args":["--listen=:8080","--metrics=:9090"],"ports":[{"name":"http",)"
    R"("containerPort":8080,"protocol":"TCP"},{"name":"metrics","containerPort":9090,"protocol":"TCP"}],"env":[{"name":)"
    R"("DATABASE_URL","valueFrom":{"secretKeyRef":{"name":"@app@-database","key":"url"}}},{"name":"LOG_LEVEL","value":)"
    R"("info"}],"resources":{},"volumeMounts":)"
    R"([{"name":"kube-api-access-@end@","readOnly":true,"mountPath":"/var/run/secrets/kubernetes.io/serviceaccount"}],)"
    R"("terminationMessagePath":"/dev/termination-log",)"
    R"("terminationMessagePolicy":"File","imagePullPolicy":"IfNotPresent"}],"restartPolicy":"Always",)"
    R"("terminationGracePeriodSeconds":30,"dnsPolicy":"ClusterFirst","serviceAccountName":"@app@","serviceAccount":)"
    R"("@app@","nodeName":"node-@node@","securityContext":{},"schedulerName":"default-scheduler","tolerations":[{"key":)"
    R"("node.kubernetes.io/not-ready","operator":"Exists","effect":"NoExecute","tolerationSeconds":300},{"key":)"
    R"("node.kubernetes.io/unreachable","operator":"Exists","effect":"NoExecute","tolerationSeconds":300}],"priority":0,)"
    R"("enableServiceLinks":true,"preemptionPolicy":"PreemptLowerPriority"},)";

constexpr std::string_view kStatus =
    R"("status":{"phase":"Running","conditions":[{"type":"Initialized","status":"True","lastProbeTime":null,)"
    R"("lastTransitionTime":"2024-05-@day@T10:@minute@:07Z"},{"type":"Ready","status":"True","lastProbeTime":null,)"
    R"("lastTransitionTime":"2024-05-@day@T10:@minute@:11Z"},{"type":"ContainersReady","status":"True","lastProbeTime":)"
    R"(null,"lastTransitionTime":"2024-05-@day@T10:@minute@:11Z"},{"type":"PodScheduled","status":"True",)"
    R"("lastProbeTime":null,"lastTransitionTime":"2024-05-@day@T10:@minute@:07Z"}],"hostIP":"192.168.1.10","podIP":)"
    R"("@ip@","podIPs":[{"ip":"@ip@"}],"startTime":"2024-05-@day@T10:@minute@:07Z","containerStatuses":[{"name":)"
    R"("@app@","state":{"running":{"startedAt":"2024-05-@day@T10:@minute@:10Z"}},"lastState":{},"ready":true,)"
    R"("restartCount":0,"image":"registry.example/shop/@app@:1.@minute@.3","imageID":)"
    R"("registry.example/shop/@app@@sha256:@owner@@uid@","containerID":"containerd://@uid@@owner@","started":true}],)"
    R"("qosClass":"Burstable"}})";

std::string digits(const char* format, std::size_t number) {
  std::array<char, 64> text{};
  const int size = std::snprintf(text.data(), text.size(), format, number);
  return {text.data(), static_cast<std::size_t>(size)};
}

std::string uid(std::size_t number) {
  const std::uint64_t mixed = (number + 1) * 0x9e3779b97f4a7c15U;
  const std::string hex = digits("%016zx", mixed) + digits("%016zx", mixed * 0xbf58476d1ce4e5b9U);
  return hex.substr(0, 8) + "-" + hex.substr(8, 4) + "-" + hex.substr(12, 4) + "-" + hex.substr(16, 4) + "-" +
         hex.substr(20);
}

using Word = std::pair<std::string_view, std::string>;

/// `text` with each @word@ replaced.
void append_filled(std::string& out, std::string_view text, std::initializer_list<Word> words) {
  while (!text.empty()) {
    const std::size_t at = text.find('@');
    out += text.substr(0, at);
    if (at == std::string_view::npos) return;
    text.remove_prefix(at + 1);
    bool found = false;
    for (const auto& [word, value] : words) {
      if (!text.starts_with(word) || text.substr(word.size(), 1) != "@") continue;
      out += value;
      text.remove_prefix(word.size() + 1);
      found = true;
      break;
    }
    if (!found) out += '@';
  }
}

}  // namespace

std::string pod_json(std::size_t index) {
  const std::size_t app = index / kPodsPerApp;
  constexpr std::array kTiers = {"front", "middle", "back"};
  const std::initializer_list<Word> words = {
      {"app", digits("service-%zu", app)},
      {"hash", digits("%010zx", (app + 7) * 0x9e3779b97fU % 0xffffffffffU)},
      {"end", digits("%05zx", (index + 3) * 0x9e37U % 0xfffffU)},
      {"namespace", digits("team-%zu", app % kTeams)},
      {"uid", uid(index)},
      {"owner", uid(app + 1'000'000)},
      {"version", digits("%zu", 1'000'000 + index * 3)},
      {"day", digits("%02zu", app % 28 + 1)},
      {"minute", digits("%02zu", index % 60)},
      {"tier", kTiers[app % kTiers.size()]},
      {"node", digits("%zu", index / kPodsPerNode)},
      {"ip", digits("10.%zu", 128 + index / 65536) + digits(".%zu", index / 256 % 256) + digits(".%zu", index % 256)},
  };
  std::string json;
  for (const auto part : {kMetadata, kManagedByController, kManagedByKubelet, kSpec, kStatus}) {
    append_filled(json, part, words);
  }
  return json;
}

std::string pod_list_json(std::size_t pods) {
  std::string json = R"({"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"4711"},"items":[)";
  for (std::size_t i = 0; i < pods; ++i) {
    if (i > 0) json += ',';
    json += pod_json(i);
  }
  return json + "]}\n";
}

}  // namespace selvage::bench
