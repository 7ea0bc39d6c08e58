{{- /* Init containers, each with the one right that its work takes. */ -}}
{{- define "selvage.nodeSetup" -}}
{{- $image := include "selvage.image" (dict "image" .Values.nodeSetup.image) -}}
{{- with .Values.nodeSetup.modules }}
- name: load-modules
  image: {{ $image }}
  imagePullPolicy: {{ $.Values.nodeSetup.image.pullPolicy }}
  command: [modprobe, -a]
  args:
    {{- toYaml . | nindent 4 }}
  resources:
    {{- include "selvage.setupResources" . | nindent 4 }}
  securityContext:
    runAsUser: 0
    {{- include "selvage.securityContext" "SYS_MODULE" | nindent 4 }}
  volumeMounts:
    - name: modules
      mountPath: /lib/modules
      readOnly: true
{{- end }}
{{- with .Values.nodeSetup.sysctls }}
- name: set-sysctls
  image: {{ $image }}
  imagePullPolicy: {{ $.Values.nodeSetup.image.pullPolicy }}
  # A container's own /proc/sys cannot be written without all rights of the node.
  command: [sh, -ec, 'for pair; do echo "${pair#*=}" >"/mnt/proc-sys-net/${pair%%=*}"; done', set-sysctls]
  args:
    {{- range $name, $value := . }}
    - {{ printf "%s=%s" ($name | trimPrefix "net." | replace "." "/") $value | quote }}
    {{- end }}
  resources:
    {{- include "selvage.setupResources" . | nindent 4 }}
  securityContext:
    runAsUser: 0
    {{- include "selvage.securityContext" "NET_ADMIN" | nindent 4 }}
  volumeMounts:
    - name: sysctls
      mountPath: /mnt/proc-sys-net
{{- end }}
{{- end -}}

{{- define "selvage.setupResources" -}}
requests:
  cpu: 1m
  memory: 8Mi
limits:
  memory: 64Mi
{{- end -}}
