{{- define "selvage.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride -}}
{{- else if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 53 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 53 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "selvage.serviceAccountName" -}}
{{- .Values.serviceAccount.name | default (ternary (include "selvage.fullname" .) "default" .Values.serviceAccount.create) -}}
{{- end -}}

{{- /* The app's name is fixed: monitors take the job's name from it, and alerts name the job. */ -}}
{{- define "selvage.selectorLabels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: agent
{{- end -}}

{{- define "selvage.labels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{- /* image (dict "image" VALUES "default" TAG) */ -}}
{{- define "selvage.image" -}}
{{- if .image.digest -}}
{{- printf "%s@%s" .image.repository .image.digest -}}
{{- else -}}
{{- printf "%s:%s" .image.repository (.image.tag | default .default) -}}
{{- end -}}
{{- end -}}

{{- /* The security context of every container; the argument is its only capability. */ -}}
{{- define "selvage.securityContext" -}}
allowPrivilegeEscalation: false
capabilities:
  drop: [ALL]
  {{- if . }}
  add: [{{ . }}]
  {{- end }}
privileged: false
readOnlyRootFilesystem: true
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- /* Who the program runs as. */ -}}
{{- define "selvage.user" -}}
runAsUser: {{ .Values.runAsUser }}
{{- if .Values.runAsUser }}
runAsGroup: {{ .Values.runAsUser }}
runAsNonRoot: true
{{- end }}
{{- end -}}

{{- define "selvage.args" -}}
- agent
{{- if .Values.agent.staged }}
- --staged
{{- end }}
- --unknown-pods={{ .Values.agent.unknownPods }}
{{- range .Values.agent.podBridges }}
- --pod-bridge={{ . }}
{{- end }}
- --table-owner={{ .Values.agent.tableOwner }}
- --log-denied-group={{ .Values.agent.logDeniedGroup }}
{{- if .Values.agent.policyCounters }}
- --policy-counters
{{- end }}
- --events={{ ternary "on" "off" .Values.agent.events }}
- --self-check-interval={{ .Values.agent.selfCheckInterval }}
- --api-idle-timeout={{ .Values.agent.apiIdleTimeout }}
{{- if .Values.agent.allowIpvs }}
- --allow-ipvs
{{- end }}
- --log-format={{ .Values.agent.logFormat }}
{{- if .Values.agent.debug }}
- --debug
{{- end }}
{{- range .Values.http.addresses }}
- --http-address={{ . }}
{{- end }}
- --http-port={{ .Values.http.port }}
{{- range .Values.agent.extraArgs }}
- {{ . | quote }}
{{- end }}
{{- end -}}

{{- define "selvage.probe" -}}
httpGet:
  path: {{ .path }}
  port: http
  {{- with .addresses }}
  host: {{ first . | quote }}
  {{- end }}
{{- end -}}
