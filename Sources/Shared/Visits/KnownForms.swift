/// Forms of servers and proxies that differ from the common log format, in nginx's notation; `$_` is any word.
enum KnownForms {
  static let all: [(name: String, form: LogForm)] = notations.compactMap { name, notation in
    guard var form = try? LogForm(notation: notation) else { return nil }
    form.takesPseudonyms = false
    return (name, form)
  }

  static func read(_ line: LogBytes) -> LogEntry? {
    guard let first = line.first else { return nil }
    for (_, form) in all {
      if case .literal(let text)? = form.pieces.first, text.first != first { continue }
      if let entry = form.read(line) { return entry }
    }
    return nil
  }

  /// - Source: Envoy 1.36, “Access logging”, default format; Istio 1.28, “Envoy Access Logs”; gin 1.11,
  ///   `defaultLogFormatter`; uWSGI 2.0, default request log; HAProxy 3.2 configuration manual §8.2.3; all of 2026.
  private static let notations: [(String, String)] = [
    (
      "Istio",
      #"[$time_iso8601] "$request" $status $_ $_ $_ "$_" $_ $bytes_sent $_ $_ "$http_x_forwarded_for" "$http_user_agent" "$request_id" "$_" "$_" $_"#
    ),
    (
      "Envoy",
      #"[$time_iso8601] "$request" $status $_ $_ $bytes_sent $_ $_ "$http_x_forwarded_for" "$http_user_agent" "$request_id" "$_" "$_""#
    ),
    ("gin", #"[GIN] $time_dashed | $status | $_ | $remote_addr | $request_method "$request_uri""#),
    (
      "uWSGI",
      #"[pid: $_|app: $_|req: $_] $remote_addr ($_) {$_ vars in $_ bytes} [$time_ctime] $request_method $request_uri => generated $body_bytes_sent bytes in $_ msecs ($_ $status) $_"#
    ),
    (
      "HAProxy",
      #"$remote_addr:$_ [$time_local] $_ $_ $_ $status $bytes_sent $_ $_ $_ $_ $_ "$request""#
    ),
    (
      "HAProxy, with captures",
      #"$remote_addr:$_ [$time_local] $_ $_ $_ $status $bytes_sent $_ $_ $_ $_ $_ {$http_referer} "$request""#
    ),
  ]
}
