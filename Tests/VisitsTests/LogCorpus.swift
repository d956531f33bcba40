import Instants

@testable import Visits

/// One request as logs tell of it.
struct LoggedRequest: Sendable {
  var seconds: Int
  var client: String
  var agent = "Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0"
  var path: String
  var bytes = 512
  var number: Int

  /// 8 days, 3 meetings a day, 4 clients, each of whom asks twice, 70 s apart: 192 requests, 96 visits.
  static let all: [LoggedRequest] = {
    let clients = ["203.0.113.7", "203.0.113.8", "198.51.100.9", "2001:db8::5"]
    var requests: [LoggedRequest] = []
    for day in 0..<8 {
      for meeting in 0..<3 {
        for (place, client) in clients.enumerated() {
          let start = 1_794_823_200 + day * 86_400 + meeting * 10_800 + place * 20
          for (again, path) in ["/schedules?d=\(place)", "/about"].enumerated() {
            requests.append(
              LoggedRequest(seconds: start + again * 70, client: client, path: path, number: requests.count))
          }
        }
      }
    }
    return requests.sorted { $0.seconds < $1.seconds }
  }()

  private var date: (year: Int, month: Int, day: Int) { CivilDay.date(days: seconds / 86_400) }
  private static func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
  var clock: String {
    [seconds / 3_600 % 24, seconds / 60 % 60, seconds % 60].map(Self.two).joined(separator: ":")
  }
  var monthName: String { CivilDay.months[date.month - 1] }
  var isoDay: String { "\(date.year)-\(Self.two(date.month))-\(Self.two(date.day))" }
  var iso: String { "\(isoDay)T\(clock)" }
  var common: String { "\(Self.two(date.day))/\(monthName)/\(date.year):\(clock)" }
  var syslog: String { "\(monthName) \(date.day < 10 ? " " : "")\(date.day) \(clock)" }
  var ctime: String {
    "\(CivilDay.weekdays[CivilDay.weekday(days: seconds / 86_400)]) \(syslog) \(date.year)"
  }
  /// IPv6 in brackets.
  var host: String { client.contains(":") ? "[\(client)]" : client }
  var combined: String {
    #"\#(client) - - [\#(common) +0000] "GET \#(path) HTTP/1.1" 200 512 "-" "\#(agent)""#
  }
}

/// A form of logs, and what its lines can tell.
struct CorpusForm: Sendable {
  var name: String
  var line: @Sendable (LoggedRequest) -> String
  /// Such a log is told to need a format; the one that is proposed reads it.
  var needsFormat = false
  var hasTime = true
  var hasClient = true
  var hasAgent = true

  init(
    _ name: String, needsFormat: Bool = false, hasTime: Bool = true, hasClient: Bool = true, hasAgent: Bool = true,
    _ line: @escaping @Sendable (LoggedRequest) -> String
  ) {
    self.name = name
    self.line = line
    self.needsFormat = needsFormat
    self.hasTime = hasTime
    self.hasClient = hasClient
    self.hasAgent = hasAgent
  }

  static let all: [CorpusForm] = servers + envelopes + json + pairs + others

  private static let servers = [
    CorpusForm("combined") { $0.combined },
    CorpusForm("common", hasAgent: false) {
      #"\#($0.client) - - [\#($0.common) +0000] "GET \#($0.path) HTTP/1.1" 200 512"#
    },
    CorpusForm("vhost_combined") { "www.example.com:443 " + $0.combined },
    CorpusForm("a server's name without a port") { "www.example.com " + $0.combined },
    CorpusForm("a server's address and port") { "192.0.2.80:443 " + $0.combined },
    CorpusForm("lighttpd, its server for the identity") {
      #"\#($0.client) www.example.com - [\#($0.common) +0000] "GET \#($0.path) HTTP/1.1" 200 512 "-" "\#($0.agent)""#
    },
    CorpusForm("a user with blanks in his name") {
      #"\#($0.client) - Jane van Doe [\#($0.common) +0000] "GET \#($0.path) HTTP/1.1" 200 512 "-" "\#($0.agent)""#
    },
    CorpusForm("a user who calls himself an address") {
      #"\#($0.client) - 192.0.2.1 - - [\#($0.common) +0000] "GET \#($0.path) HTTP/1.1" 200 512 "-" "\#($0.agent)""#
    },
    CorpusForm("nginx's main, X-Forwarded-For behind") {
      #"10.0.0.5 - - [\#($0.common) +0000] "GET \#($0.path) HTTP/1.1" 200 512 "-" "\#($0.agent)" "\#($0.client), 10.0.0.4""#
    },
    CorpusForm("X-Forwarded-For empty, the upstream behind") {
      $0.combined + #" "-" "10.0.0.5:8080" "0.012""#
    },
    CorpusForm("durations and upstream behind") { $0.combined + " 0.012 0.011 10.0.0.5:8080 200 -" },
    CorpusForm("Amplify's pairs behind") {
      #"10.0.0.5 - - [\#($0.common) +0000] "GET \#($0.path) HTTP/1.1" 200 512 "-" "\#($0.agent)" "\#($0.client)" rt=0.012 ua="10.0.0.9:80" us="200" ut="0.010""#
    },
    CorpusForm("ingress-nginx") {
      $0.combined + " 420 0.012 [default-web-80] [] 10.0.0.9:8080 512 0.012 200 0123456789abcdef"
    },
    CorpusForm("Traefik's common form") { $0.combined + #" 17 "web@docker" "http://10.0.0.9:80" 12ms"# },
    CorpusForm("a duration before the texts") {
      #"\#($0.client) - - [\#($0.common) +0000] "GET \#($0.path) HTTP/1.1" 200 512 0.012 "-" "\#($0.agent)""#
    },
    CorpusForm("X-Forwarded-For in front") {
      #"\#($0.client), 10.0.0.4 10.0.0.5 - - [\#($0.common) +0000] "GET \#($0.path) HTTP/1.1" 200 512 "-" "\#($0.agent)""#
    },
    CorpusForm("IPv6 in brackets") {
      #"\#($0.host) - - [\#($0.common) +0000] "GET \#($0.path) HTTP/1.1" 200 512 "-" "\#($0.agent)""#
    },
    CorpusForm("ports behind addresses (hypercorn)") {
      #"\#($0.host):54321 - - [\#($0.common) +0000] "GET \#($0.path) 2" 200 512 "-" "\#($0.agent)""#
    },
    CorpusForm("another zone's time") {
      #"\#($0.client) - - [\#(LoggedRequest(seconds: $0.seconds + 19_800, client: "", path: "", number: 0).common) +0530] "GET \#($0.path) HTTP/1.1" 200 512 "-" "\#($0.agent)""#
    },
    CorpusForm("time first", hasAgent: false) {
      #"[\#($0.common) +0000] \#($0.client): "GET \#($0.path) HTTP/1.1" 0.012 s"#
    },
    CorpusForm("ssl_request_log", hasAgent: false) {
      #"[\#($0.common) +0000] \#($0.client) TLSv1.3 TLS_AES_256_GCM_SHA384 "GET \#($0.path) HTTP/1.1" 512"#
    },
    CorpusForm("werkzeug", hasAgent: false) {
      #"\#($0.client) - - [\#($0.common.replacing("2026:", with: "2026 "))] "GET \#($0.path) HTTP/1.1" 200 -"#
    },
    CorpusForm("Daphne", hasAgent: false) { #"\#($0.host):5000 - - [\#($0.common)] "GET \#($0.path)" 200 512"# },
    CorpusForm("uvicorn with times", hasAgent: false) {
      #"\#($0.iso)Z INFO:     \#($0.host):5000 - "GET \#($0.path) HTTP/1.1" 200 OK"#
    },
    CorpusForm("Python's logging around uvicorn", hasAgent: false) {
      #"\#($0.isoDay) \#($0.clock),123 - uvicorn.access - INFO - \#($0.host):5000 - "GET \#($0.path) HTTP/1.1" 200"#
    },
    CorpusForm("actix") {
      #"[\#($0.iso)Z INFO  actix_web::middleware::logger] \#($0.client) "GET \#($0.path) HTTP/1.1" 200 512 "-" "\#($0.agent)" 0.000123"#
    },
  ]

  private static let envelopes = [
    CorpusForm("docker compose") { "web_1  | " + $0.combined },
    CorpusForm("docker compose with times") { "web-1  | \($0.iso).123456789Z " + $0.combined },
    CorpusForm("pm2") { "0|app  | " + $0.combined },
    CorpusForm("Heroku's app log") { "\($0.iso).123456+00:00 app[web.1]: " + $0.combined },
    CorpusForm("Heroku's drain") { "272 <190>1 \($0.iso).123456+00:00 host app web.1 - " + $0.combined },
    CorpusForm("Fly") { "\($0.iso).123456Z app[918540] iad [info]" + $0.combined },
    CorpusForm("CRI") { "\($0.iso).123456789Z stdout F " + $0.combined },
    CorpusForm("kubectl logs --prefix") { "[pod/web-5d8f/app] " + $0.combined },
    CorpusForm("journalctl") { "\($0.syslog) host1 gunicorn[812]: " + $0.combined },
    CorpusForm("journalctl -o short-iso") { "\($0.iso)+0000 host1 gunicorn[812]: " + $0.combined },
    CorpusForm("RFC 3164") { "<13>\($0.syslog) host1 nginx: " + $0.combined },
    CorpusForm("syslog's file, the host an address") { "\($0.syslog) 10.0.0.3 nginx: " + $0.combined },
    CorpusForm("RFC 5424") { "<14>1 \($0.iso)+00:00 host1 nginx 812 - [a b=\"c\"] " + $0.combined },
    CorpusForm("a coloured level") { "\u{1B}[32mINFO\u{1B}[0m:     " + $0.combined },
    CorpusForm("gunicorn's logger") { "[\($0.isoDay) \($0.clock) +0000] [812] [INFO] " + $0.combined },
    CorpusForm("CloudWatch") { "\($0.iso).123000+00:00 ecs/web/0123abcd " + $0.combined },
    CorpusForm("docker's JSON") {
      #"{"log":"\#(escaped($0.combined))\n","stream":"stdout","time":"\#($0.iso).123456789Z"}"#
    },
    CorpusForm("journald's JSON") {
      #"{"__REALTIME_TIMESTAMP":"\#($0.seconds)123456","MESSAGE":"\#(escaped($0.combined))","_PID":"812"}"#
    },
  ]

  private static func escaped(_ text: String) -> String { text.replacing("\"", with: "\\\"") }

  private static let json = [
    CorpusForm("Caddy") {
      #"{"level":"info","ts":\#($0.seconds).25,"request":{"remote_ip":"\#($0.client)","remote_port":"5000","client_ip":"\#($0.client)","method":"GET","uri":"\#($0.path)","headers":{"User-Agent":["\#($0.agent)"]}},"size":512,"status":200,"resp_headers":{"Server":["Caddy"]}}"#
    },
    CorpusForm("nginx's JSON with http_x_forwarded_for") {
      #"{"time_iso8601":"\#($0.iso)+00:00","remote_addr":"172.68.1.\#($0.number % 2)","http_x_forwarded_for":"\#($0.client)","request":"GET \#($0.path) HTTP/1.1","status":"200","body_bytes_sent":"512","http_user_agent":"\#($0.agent)"}"#
    },
    CorpusForm("Railway") {
      #"{"requestId":"r\#($0.number)","timestamp":"\#($0.iso).123456Z","method":"GET","path":"\#($0.path)","host":"e.example","httpStatus":200,"upstreamAddress":"http://10.1.1.1:3000","clientUa":"\#($0.agent)","txBytes":512,"rxBytes":100,"srcIp":"\#($0.client)"}"#
    },
    CorpusForm("Istio's JSON") {
      #"{"authority":"e.example","bytes_received":0,"bytes_sent":512,"downstream_local_address":"10.0.0.1:80","downstream_remote_address":"10.0.0.9:4000","method":"GET","path":"\#($0.path)","protocol":"HTTP/1.1","request_id":"r\#($0.number)","response_code":200,"start_time":"\#($0.iso).123Z","upstream_host":"10.0.0.7:8080","user_agent":"\#($0.agent)","x_forwarded_for":"\#($0.client),10.0.0.9"}"#
    },
    CorpusForm("Cloudflare's Logpush") {
      #"{"ClientIP":"\#($0.client)","ClientRequestMethod":"GET","ClientRequestURI":"\#($0.path)","ClientRequestUserAgent":"\#($0.agent)","EdgeResponseBytes":512,"EdgeResponseStatus":200,"EdgeStartTimestamp":\#($0.seconds)123000000}"#
    },
    CorpusForm("Google's load balancer") {
      #"{"httpRequest":{"requestMethod":"GET","requestUrl":"https://e.example\#($0.path)","status":200,"responseSize":"512","userAgent":"\#($0.agent)","remoteIp":"\#($0.client)","serverIp":"10.0.0.1"},"insertId":"i\#($0.number)","timestamp":"\#($0.iso).123456Z"}"#
    },
    CorpusForm("API Gateway") {
      #"{"requestId":"r\#($0.number)","ip":"\#($0.client)","requestTime":"\#($0.common) +0000","httpMethod":"GET","path":"\#($0.path)","status":"200","responseLength":"512","userAgent":"\#($0.agent)"}"#
    },
    CorpusForm("pino") {
      #"{"level":30,"time":\#($0.seconds)250,"req":{"id":\#($0.number),"method":"GET","url":"\#($0.path)","headers":{"user-agent":"\#($0.agent)","content-length":"9"},"remoteAddress":"\#($0.client)","remotePort":5000},"res":{"statusCode":200,"headers":{"content-length":"512"}},"msg":"request completed"}"#
    },
    CorpusForm("date and time in two fields") {
      #"{"date":"\#($0.isoDay)","time":"\#($0.clock)","method":"GET","uri":"\#($0.path)","cf-connecting-ip":"\#($0.client)","remote_addr":"172.68.1.1","user-agent":"\#($0.agent)","status":200,"bytes":512}"#
    },
    CorpusForm("a list's lines, forwarded addresses a list too") {
      "\($0.number == 0 ? "[" : " ")"
        + #"{"ts":"\#($0.iso)Z","method":"GET","path":"\#($0.path)","x_forwarded_for":["\#($0.client)","10.0.0.4"],"ip":"10.0.0.5","ua":"\#($0.agent)","status":200,"size":512}"#
        + "\($0.number == 191 ? "]" : ",")"
    },
    CorpusForm("Elastic's common schema") {
      #"{"@timestamp":"\#($0.iso).123Z","http":{"request":{"method":"GET"},"response":{"status_code":200}},"url":{"path":"\#($0.path)"},"source":{"ip":"\#($0.client)"},"user_agent":{"original":"\#($0.agent)"}}"#
    },
  ]

  private static let pairs = [
    CorpusForm("Heroku's router", hasAgent: false) {
      #"\#($0.iso).123456+00:00 heroku[router]: at=info method=GET path="\#($0.path)" host=e.herokuapp.com request_id=r\#($0.number) fwd="\#($0.client)" dyno=web.1 connect=0ms service=5ms status=200 bytes=512 protocol=https"#
    },
    CorpusForm("logfmt") {
      #"time="\#($0.iso)Z" level=info msg="request" method=GET path=\#($0.path) remote_addr=\#($0.host):5000 status=200 size=512 user_agent="\#($0.agent)""#
    },
    CorpusForm("Render's router") {
      #"\#($0.iso)Z [GET] 200 e.onrender.com\#($0.path) clientIP="\#($0.client)" requestID="r\#($0.number)" responseTimeMS=11 responseBytes=512 userAgent="\#($0.agent)""#
    },
  ]

  private static let others = [
    CorpusForm("gin", hasAgent: false) {
      #"[GIN] \#($0.isoDay.replacing("-", with: "/")) - \#($0.clock) | 200 |      1.2345ms |     \#($0.client) | GET      "\#($0.path)""#
    },
    CorpusForm("Rails", hasAgent: false) {
      #"I, [\#($0.iso).123456 #812]  INFO -- : [0123-4567] Started GET "\#($0.path)" for \#($0.client) at \#($0.isoDay) \#($0.clock) +0000"#
    },
    CorpusForm("uWSGI", hasAgent: false) {
      "[pid: 812|app: 0|req: \($0.number)/\($0.number)] \($0.client) () {44 vars in 812 bytes} [\($0.ctime)] GET \($0.path) => "
        + "generated 512 bytes in 12 msecs (HTTP/1.1 200) 3 headers in 112 bytes (1 switches on core 0)"
    },
    CorpusForm("Envoy") {
      #"[\#($0.iso).123Z] "GET \#($0.path) HTTP/1.1" 200 - 0 512 12 11 "\#($0.client)" "\#($0.agent)" "r\#($0.number)" "e.example" "10.0.0.7:8080""#
    },
    CorpusForm("Istio") {
      #"[\#($0.iso).123Z] "GET \#($0.path) HTTP/1.1" 200 - via_upstream - "-" 0 512 12 11 "\#($0.client)" "\#($0.agent)" "r\#($0.number)" "e.example" "10.0.0.7:8080" inbound|8080|| 127.0.0.6:5000 10.0.0.7:8080 10.0.0.9:0 - default"#
    },
    CorpusForm("HAProxy", hasAgent: false) {
      #"\#($0.syslog) lb1 haproxy[812]: \#($0.client):54321 [\#($0.common).123] front back/web1 0/0/1/2/3 200 512 - - ---- 1/1/0/0/0 0/0 "GET \#($0.path) HTTP/1.1""#
    },
    CorpusForm("ALB", needsFormat: true) {
      #"https \#($0.iso).123456Z app/lb/50dc6c495c0c9188 \#($0.host):2817 10.0.0.1:80 0.000 0.001 0.000 200 200 34 366 "GET https://www.example.com:443\#($0.path) HTTP/1.1" "\#($0.agent)" ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2 arn:x "Root=1-x" "www.example.com" "arn:y" 0 \#($0.iso).123456Z "forward" "-" "-" "10.0.0.1:80" "200" "-" "-""#
    },
    CorpusForm("IIS", needsFormat: true) {
      "\($0.isoDay) \($0.clock) 10.0.0.1 GET /schedules d=\($0.number) 443 - \($0.client) \($0.agent.replacing(" ", with: "+")) - 200 0 0 12"
    },
    CorpusForm("CloudFront", needsFormat: true) {
      "\($0.isoDay)\t\($0.clock)\tIAD89-C1\t512\t\($0.client)\tGET\td111.cloudfront.net\t/schedules\t200\t-\t\($0.agent.replacing(" ", with: "%20"))\td=\($0.number)\t-\tHit\tabc\twww.example.com\thttps"
    },
    CorpusForm("Squid", needsFormat: true, hasAgent: false) {
      "\($0.seconds).123     12 \($0.client) TCP_MISS/200 512 GET http://e.example\($0.path) - HIER_DIRECT/10.0.0.1 text/html"
    },
    CorpusForm("S3", needsFormat: true) {
      #"79a59df900b949e5 bucket [\#($0.common) +0000] \#($0.client) - 3E57427F3EXAMPLE REST.GET.OBJECT key "GET \#($0.path) HTTP/1.1" 200 - 512 512 7 6 "-" "\#($0.agent)" -"#
    },
    CorpusForm("two bare addresses in front", needsFormat: true) {
      #"\#($0.client) 198.18.0.1 - - [\#($0.common) +0000] "GET \#($0.path) HTTP/1.1" 200 512 "-" "\#($0.agent)""#
    },
    CorpusForm("Django's runserver", hasClient: false, hasAgent: false) {
      #"[\#($0.common.replacing("2026:", with: "2026 "))] "GET \#($0.path) HTTP/1.1" 200 512"#
    },
    CorpusForm("morgan's dev", hasTime: false, hasClient: false, hasAgent: false) {
      "GET \($0.path) 200 5.123 ms - 512"
    },
    CorpusForm("morgan's tiny", hasTime: false, hasClient: false, hasAgent: false) {
      "GET \($0.path) 200 512 - 5.123 ms"
    },
    CorpusForm("morgan's short", hasTime: false, hasAgent: false) {
      "\($0.client) - GET \($0.path) HTTP/1.1 200 512 - 5.123 ms"
    },
    CorpusForm("uvicorn's default", hasTime: false, hasAgent: false) {
      #"INFO:     \#($0.host):5000 - "GET \#($0.path) HTTP/1.1" 200 OK"#
    },
  ]
}
