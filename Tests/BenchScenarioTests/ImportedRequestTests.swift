import BenchEngine
import Documents
import Foundation
import Testing

@testable import BenchScenario

/// What imports make of the kinds of input that people have: the request as it is written, or a word on what can't be.
struct ImportedRequestTests {
  /// The first step's bytes, as the engine would send them.
  private func bytes(_ imported: ImportedRequests, _ environment: [String: String] = [:]) throws -> [String] {
    let text = try ScenarioText.write(imported, name: "i").text
    let plan = try ScenarioCompiler.plan(
      ScenarioReader.read(text: text, file: "s.yaml"),
      .init(secondsSince1970: 0, version: "0", environment: environment))
    return plan.steps.map { String(decoding: $0.request, as: UTF8.self) }
  }

  private static let files: [String: String] = ["b.json": "{\"a\":\n1}\n", "t.txt": "x y\n"]

  private func curl(_ text: String, _ environment: [String: String] = [:]) throws -> [String] {
    try bytes(CurlImport.read(text) { Self.files[$0].map { Array($0.utf8) } }, environment)
  }

  @Test(
    "a command is the request that curl makes",
    arguments: [
      ("curl -H 'X-A: 1' -H 'X-A: 2' http://h/p", ["\r\nX-A: 1\r\n", "\r\nX-A: 2\r\n"]),
      (
        "curl -H 'x-a: 1' -H 'X-A: 2' http://h/p",
        ["\r\nx-a: 1\r\n", "\r\nx-a: 2\r\n"].map { $0 }.prefix(1) + ["2\r\n"]
      ),
      ("curl -H 'X-E;' http://h/", ["\r\nX-E: \r\n"]),
      ("curl -d 'a=1' -d @t.txt http://h/", ["\r\n\r\na=1&x y"]),
      ("curl --data-binary @b.json http://h/", ["\r\n\r\n{\"a\":\n1}\n"]),
      ("curl -d @b.json http://h/", ["\r\n\r\n{\"a\":1}"]),
      (
        "curl --json @b.json http://h/",
        ["Content-Type: application/json", "Accept: application/json", "{\"a\":\n1}\n"]
      ),
      ("curl -G http://h/s?a=1 -d b=2 --data-urlencode 'q=x y/z'", ["GET /s?a=1&b=2&q=x%20y%2Fz "]),
      ("curl http://h/a/./b/../c", ["GET /a/c "]), ("curl --path-as-is http://h/a/../c", ["GET /a/../c "]),
      ("curl 'http://h/a#part'", ["GET /a "]), ("curl -r 0-99 http://h/", ["\r\nRange: bytes=0-99\r\n"]),
      ("curl -b a=1 -b b=2 http://h/", ["\r\nCookie: c0\r\n"]),
      ("curl -I -X POST http://h/", ["POST / "]), ("curl -X PUT -d '' http://h/", ["PUT / ", "Content-Length: 0"]),
      ("curl -T t.txt http://h/up/", ["PUT /up/t.txt ", "\r\n\r\nx y\n"]),
      ("curl -A ua -e http://r/ http://h/", ["User-Agent: ua ", "Referer: http://r/"]),
      (#"curl http://h/ -d $'\xc3\xa9\101'"#, ["\r\n\r\néA"]),
      ("curl http://h/ -d @- <<'E'\n{\"a\":1}\nE\n", ["\r\n\r\n{\"a\":1}"]),
      ("curl -s http://h/a | jq . > out.json", ["GET /a "]), ("curl http://h/a && curl http://h/b", ["GET /a "]),
      ("$ curl http://h/a 2>/dev/null", ["GET /a "]),
      (
        "curl ^\"http://h/a?x=1^&y=2^\" ^\n  -H ^\"X-A: ^\\^\"q^\\^\"^\" ^\n  --data-raw ^\"^{^\\^\"a^\\^\":1^}^\"",
        ["POST /a?x=1&y=2 ", "\r\nX-A: \"q\"\r\n", "\r\n\r\n{\"a\":1}"]
      ),
      ("curl.exe \"http://h/a\" ^\n  -H \"X-A: 1\"", ["GET /a ", "X-A: 1"]),
      ("curl.exe -X POST `\n  -H 'X-A: it''s' `\n  http://h/a", ["POST /a ", "X-A: it's"]),
      (
        "curl -F 'meta={\"a\":1};type=application/json' -F 'x=1' -F 'x=2' http://h/",
        [
          "name=\"meta\"\r\nContent-Type: application/json\r\n\r\n{\"a\":1}\r\n", "name=\"x\"\r\n\r\n1\r\n",
          "name=\"x\"\r\n\r\n2\r\n",
        ]
      ),
      ("curl -F 'x=<t.txt' -F 'y=\"a;b\"' http://h/", ["name=\"x\"\r\n\r\nx y\n\r\n", "name=\"y\"\r\n\r\na;b\r\n"]),
    ] as [(String, [String])])
  func curlSends(text: String, parts: [String]) throws {
    let request = try #require(try curl(text, ["COOKIE": "c0"]).first)
    for part in parts { #expect(request.contains(part), "\(request)") }
  }

  @Test("what a header's removal takes away isn't sent")
  func removal() throws {
    let request = try #require(try curl("curl -H 'Accept:' -H 'Content-Type:' -H 'Expect:' -d a http://h/").first)
    #expect(!request.contains("Accept") && !request.contains("Content-Type"))
  }

  @Test("a byte order mark is none of the command's, and what is encoded is said")
  func beginnings() throws {
    let imported = try CurlImport.read("\u{FEFF}curl 'http://h/a|b'")
    #expect(imported.requests.count == 1 && imported.notes.first?.hasPrefix("'|' in a URL") == true)
    #expect(try bytes(imported)[0].hasPrefix("GET /a%7Cb "))
  }

  @Test("variables of the shell and credentials come from the environment")
  func environment() throws {
    let variables = "curl -H \"X-Api-Key: $KEY\" \"http://h/v/${ID}?a=$ID\" -u \"$U:$P\" -d \"{\\\"i\\\":\\\"$ID\\\"}\""
    let request = try #require(try curl(variables, ["KEY": "k", "ID": "7", "U": "u", "P": "p"]).first)
    #expect(request.hasPrefix("POST /v/7?a=7 ") && request.contains("X-Api-Key: k\r\n"))
    #expect(request.contains("Authorization: Basic dTpw\r\n") && request.hasSuffix("{\"i\":\"7\"}"))
    let secrets = """
      curl -H 'X-Api-Key: s3cr3t' -H 'X-CSRF-Token: s3cr3t2' -H 'X-Request-ID: 5' 'http://u:s3cr3t@h/?access_token=s3cr3t&page_token=2'
      curl -H 'X-Api-Key: s3cr3t3' http://h/ -H 'X-Custom: Bearer s3cr3t'
      """
    let (text, names) = try ScenarioText.write(CurlImport.read(secrets), name: "i")
    #expect(!text.contains("s3cr3t") && text.contains("page_token=2") && text.contains("X-Request-ID: \"5\""))
    #expect(
      names.map { String($0.prefix { $0 != " " }) } == [
        "ACCESS_TOKEN", "X_API_KEY", "X_CSRF_TOKEN", "AUTHORIZATION", "X_API_KEY_2", "X_CUSTOM",
      ])
  }

  @Test("pauses and kept cookies stay")
  func session() throws {
    let imported = try CurlImport.read("curl -c j -d u=1 http://h/login\nsleep 2\ncurl -b j http://h/me -k")
    #expect(imported.keepsCookies && imported.requests[0].pause == .seconds(2) && imported.isInsecure)
    #expect(try ScenarioText.write(imported, name: "i").text.contains("        think: 2s\n"))
  }

  @Test(
    "what can't be kept is refused by name",
    arguments: [
      ("curl -X GET http://h/ -d x", "-d"), ("curl -X get http://h/", "'get'"), ("curl http://h/?a=1&b=2", "'&'"),
      ("curl http://h/ < f", "'<'"), ("curl http://h/ || true", "'||'"), ("curl http://h/$(id)", "$(id)"),
      ("curl http://h/`id`", "`"), ("curl http://h/ -d ${A:-x}", "${A:-x}"), ("curl http://h/$1", "$1"),
      ("curl http://$HOST/a", "$HOST"), ("curl http://h/ | xargs curl", "| xargs"), ("curl -d @nope http://h/", "nope"),
      ("curl -d @- http://h/", "standard input"), ("curl -H @h http://h/", "@h"), ("curl -u me http://h/", "password"),
      ("curl -X $M http://h/", "$M"), ("curl -d {a,b} http://h/", "{a,b}"), ("curl -F 'a=b;c' http://h/", "c"),
      ("curl -F 'f=@a,b' http://h/", "several files"), ("curl -I -d a http://h/", "-I"),
      ("curl --digest -u a:b http://h/", "--digest"), ("curl http://h/ ^\n -H 'a: b'", "'^'"),
      ("curl -H 'Upgrade: websocket' http://h/", "Upgrade"), ("curl -H 'Host:' http://h/", "Host"),
      ("curl 'http://h/a[1-3]'", "patterns"), ("echo x | curl -d @- http://h/", "| curl"),
      ("curl -c j http://h/ ; curl http://h/", "-b"), ("curl --http1.0 http://h/", "--http1.0"),
      ("curl -H 'A B: 1' http://h/", "A B"), ("curl -H 'X: {{a}}' http://h/", "{{"), ("sleep x", "sleep x"),
      ("wget http://h/", "expected a line that begins with curl"), ("curl -s", "without a URL"),
      ("curl http://h/ --data @f", "a file's content"), ("curl http://h/ --proxy p", "the option --proxy is not known"),
      ("curl -sZ http://h/", "the option -Z is not known"), ("curl http://h/ -F a=b -d c", "one body"),
      ("curl 'http://h/{a,b}'", "patterns"), ("curl -X PROPFIND http://h/", "PROPFIND"),
      ("curl http://h/ -b jar.txt", "a file of cookies"), (#"curl http://h/ -d $'\ud83d'"#, "half a character"),
      ("curl http://h/ 'x", "a quote ' that doesn't end"), ("curl http://h/ -H", "-H without its value"),
      ("curl http://a/\ncurl http://b/", "a scenario has one target"), ("", "no curl command"),
      ("curl 'http://h/{{x}}'", "it begins a placeholder"), ("curl ftp://h/", "scheme"),
      ("curl -X TRACE http://h/", "the method TRACE"),
      (#"curl http://h/ -d $'\ud83d\u0041'"#, "half a character"),
      (#"curl http://h/ -d $'\udc00'"#, "half a character"),
      ("curl http://h/\nsleep 1800\nsleep 1801", "over 1h"),
      ("curl http://h/ --data-urlencode @- <<E\n$A\nE", "the variable $A"),
    ])
  func refused(text: String, expected: String) {
    var message = "nothing"
    do {
      _ = try ScenarioText.write(CurlImport.read(text), name: "x")
    } catch {
      message = "\(error)"
    }
    #expect(message.contains(expected), "\(message)")
  }

  // MARK: HAR

  private func exchange(
    _ url: String, _ rest: String = "", at start: String = "2026-11-27T10:00:00.000Z", extra: String = "",
    response: String = #""status": 200"#, method: String = "GET"
  ) -> String {
    #"{"startedDateTime": "\#(start)", "time": 500, \#(extra) "request": {"method": "\#(method)", "url": "\#(url)" \#(rest)}, "response": {\#(response)}}"#
  }

  private func har(_ entries: String...) throws -> ImportedRequests {
    try HARImport.read(Data(#"{"log": {"entries": [\#(entries.joined(separator: ","))]}}"#.utf8))
  }

  @Test("a recording's requests are its own: both header lines, forms, queries, cookies, pauses")
  func recorded() throws {
    let imported = try har(
      exchange("data:image/png;base64,AA"), exchange("wss://h/s"), exchange("chrome-extension://x/y"),
      exchange(
        "http://h/a",
        #", "headers": [{"name":":method","value":"GET"},{"name":"X-A","value":"1"},{"name":"X-A","value":"2"}]"#,
        response: #""status": 200, "headers": [{"name":"set-cookie","value":"sid=9; Path=/"}]"#),
      exchange(
        "http://h/login",
        #", "headers": [{"name":"Cookie","value":"sid=9; theme=x"}], "postData": {"mimeType": "application/x-www-form-urlencoded", "params": [{"name":"user","value":"a b"},{"name":"n","value":"1"}]}"#,
        at: "2026-11-27T10:00:02.500Z", response: #""status": 302"#, method: "POST"),
      exchange("http://h/q", #", "queryString": [{"name":"x","value":"a&b"}]"#, at: "2026-11-27T10:00:03.000Z"),
      exchange(
        "http://h/up",
        #", "postData": {"mimeType": "multipart/form-data; boundary=x", "params": [{"name":"f","value":"hi","fileName":"a.txt","contentType":"text/plain"}]}"#,
        at: "2026-11-27T10:00:03.500Z", method: "POST"),
      exchange(
        "http://h/b64", #", "postData": {"mimeType": "text/plain", "text": "aGk=", "encoding": "base64"}"#,
        at: "2026-11-27T10:00:04.000Z", method: "PUT"),
      exchange("http://h/cached", at: "2026-11-27T10:00:04.500Z", extra: #""_fromCache": "memory","#),
      exchange("http://h/d", #", "postData": {"mimeType": "text/plain", "text": "x"}"#, at: "2026-11-27T10:00:06.000Z"),
      exchange("http://h/dav", at: "2026-11-27T10:00:07.000Z", method: "PROPFIND"))
    #expect(
      imported.leftOutLines.map { String($0.prefix { $0 != "(" }) } == [
        "left out, not http or https: 2 ", "left out, a web socket: 1 ",
        "left out, answered by the browser's cache: 1 ",
        "left out, a body with GET, which a step can't send: 1 ",
        "left out, the method PROPFIND is none of a step's: 1 ",
      ])
    #expect(imported.requests.map(\.pause) == [.seconds(2), nil, nil, nil, nil] && imported.keepsCookies)
    #expect(imported.requests.map(\.status) == [200, 302, 200, 200, 200])
    let requests = try imported.requests.map { request in
      var one = ImportedRequests()
      one.requests = [request]
      return try bytes(one, ["COOKIE": "theme=x"])[0]
    }
    #expect(requests[0].contains("X-A: 1\r\n") && requests[0].contains("X-A: 2\r\n"))
    #expect(requests[1].hasSuffix("\r\n\r\nuser=a+b&n=1") && requests[1].contains("\r\nCookie: theme=x\r\n"))
    #expect(requests[1].contains("application/x-www-form-urlencoded") && requests[2].hasPrefix("GET /q?x=a%26b "))
    #expect(requests[3].contains("filename=\"a.txt\"\r\nContent-Type: text/plain\r\n\r\nhi\r\n"))
    #expect(requests[4].hasSuffix("\r\n\r\nhi"))
  }

  // MARK: OpenAPI

  private func openAPI(_ text: String, server: String? = nil) throws -> ImportedRequests {
    try OpenAPIImport.read(try DocumentReader().read(text: text, file: "a.yaml"), server: server)
  }

  private func operation(_ parameters: String) throws -> ImportedRequests {
    try openAPI(
      """
      openapi: 3.1.0
      servers: [{ url: 'http://h/v1' }]
      paths: { '/x/{p}': { get: { parameters: [{ name: p, in: path, required: true, example: 1 }, \(parameters)] } } }
      components: { schemas: { Kind: { type: string, enum: [small, large] } } }
      """)
  }

  @Test(
    "a parameter takes what its schema says, and is written in its style",
    arguments: [
      ("{ allOf: [{ $ref: '#/components/schemas/Kind' }] }", "", "q=small"),
      ("{ anyOf: [{ type: integer, minimum: 3 }, { type: 'null' }] }", "", "q=3"),
      ("{ oneOf: [{ $ref: '#/components/schemas/Kind' }] }", "", "q=small"), ("{ const: c }", "", "q=c"),
      ("{ type: array, items: { type: string, enum: [available, sold] } }", "", "q=available"),
      ("{ type: array, example: [a, b] }", "", "q=a&q=b"),
      ("{ type: array, example: [a, b] }", "explode: false,", "q=a,b"),
      ("{ type: array, example: [a, b] }", "style: pipeDelimited, explode: false,", "q=a%7Cb"),
      ("{ type: array, minItems: 2, items: { type: integer } }", "", "q=1&q=1"),
      ("{ type: object, example: { k: v, l: w } }", "", "k=v&l=w"),
      ("{ type: object, example: { k: v } }", "style: deepObject,", "q[k]=v"),
      ("{ type: [string, 'null'], format: date }", "", "q=2026-01-01"), ("{ default: 5 }", "", "q=5"),
      ("{ examples: [z] }", "", "q=z"), ("{ type: integer, exclusiveMinimum: 4, nullable: true }", "", "q=5"),
      ("{ type: string, minLength: 6 }", "", "q=textxx"), ("{ type: boolean }", "", "q=true"),
    ])
  func parameter(schema: String, style: String, expected: String) throws {
    let imported = try operation("{ name: q, in: query, required: true, \(style) schema: \(schema) }")
    #expect(imported.requests.map(\.url) == ["http://h/v1/x/1?\(expected)"])
  }

  @Test("required headers and cookies are sent")
  func headersAndCookies() throws {
    let imported = try operation(
      "{ name: X-N, in: header, required: true, example: 2 }, { name: lang, in: cookie, required: true, example: en }")
    let request = try #require(try bytes(imported).first)
    #expect(request.contains("\r\nX-N: 2\r\n") && request.contains("\r\nCookie: lang=en\r\n"))
  }

  @Test("path references, servers and their variables are followed; what leads elsewhere is named")
  func servers() throws {
    let text = """
      openapi: 3.0.3
      servers: [{ url: 'http://{host}:{port}/{base}', variables: { host: { default: localhost }, port: { default: '8080' }, base: { enum: [files], default: files } } }]
      paths:
        /a: { $ref: '#/components/pathItems/A' }
        /c: { $ref: 'paths/c.yaml' }
        /d: { servers: [{ url: 'http://other/x' }], get: {} }
        /e: { get: { servers: [{ url: /y }] } }
        /f: { get: { requestBody: { content: { application/json: { example: {} } } } } }
      components: { pathItems: { A: { get: {} } } }
      """
    let imported = try openAPI(text)
    #expect(imported.requests.map(\.url) == ["http://localhost:8080/files/a", "http://localhost:8080/y/e"])
    #expect(
      imported.leftOutLines == [
        "left out, in another file: 1 (/c: paths/c.yaml)",
        "left out, a body with GET, which a step can't send: 1 (GET /f)",
        "left out, on another server: 1 (GET /d: http://other)",
      ])
    #expect(try openAPI(text, server: "http://t").requests.map(\.url) == ["http://t/a", "http://t/y/e"])
    let relative = "openapi: 3.0.0\nservers: [{ url: /api/v3 }]\npaths: { /a: { get: {} } }"
    #expect(try openAPI(relative, server: "http://t:1").requests.map(\.url) == ["http://t:1/api/v3/a"])
    let alone =
      "openapi: 3.0.0\nservers: [{ url: 'http://h' }]\npaths: { /a: { servers: [{ url: 'http://o/x' }], get: {} } }"
    #expect(try openAPI(alone).requests.map(\.url) == ["http://o/x/a"])
  }

  @Test("bodies are what is given, field by field; schemes ask for their credential")
  func bodies() throws {
    let imported = try openAPI(
      """
      openapi: 3.1.0
      servers: [{ url: 'http://h' }]
      security: [{ key: [] }]
      paths:
        /a: { post: { security: [], requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/A' } } } } } }
        /b: { post: { requestBody: { content: { application/x-www-form-urlencoded: { schema: { type: object, properties: { a: { example: 'x y' } } } } } } } }
        /c: { post: { security: [{ bearer: [] }], requestBody: { content: { text/plain: { example: hi } } } } }
        /d: { post: { requestBody: { content: { application/json: { schema: { type: object, required: [n], properties: { n: { type: string } } } } } } } }
        /e: { post: { security: [{}], requestBody: { content: { application/vnd.x+json: { example: '{"a":1}' } } } } }
      components:
        securitySchemes: { key: { type: apiKey, in: query, name: api_key }, bearer: { type: http, scheme: bearer } }
        schemas: { A: { allOf: [{ type: object, required: [n], properties: { n: { example: '5' } } }, { properties: { k: { enum: [s] }, i: { default: 1 } } }] } }
      """)
    #expect(imported.requests.map(\.body) == [#"{"n":"5","i":1}"#, "a=x%20y", "hi", #"{"a":1}"#])
    #expect(imported.leftOutLines == ["left out, no example of its body: 1 (POST /d)"])
    let text = try ScenarioText.write(imported, name: "i").text
    #expect(text.contains("/b?api_key={{env.API_KEY}}") && text.contains("Authorization: \"{{env.AUTHORIZATION}}\""))
  }

  @Test("a recording whose times are absurd is a recording without pauses")
  func absurdTimes() throws {
    for time in ["1e300", "-1e300", "9e18"] {
      let first = exchange("http://h/a").replacing(#""time": 500"#, with: #""time": \#(time)"#)
      let imported = try har(first, exchange("http://h/b", at: "2026-11-27T10:00:01.000Z"))
      #expect(imported.requests.map(\.pause) == [.seconds(1), nil], "\(time)")
    }
  }

  @Test(
    "schemas that lead round in circles, fan out or ask for the absurd end soon, and in a value where there is one",
    .timeLimit(.minutes(1)),
    arguments: [
      ("{ oneOf: [T, { type: object, properties: { c: T } }] }", nil), ("{ allOf: [T, T] }", nil),
      ("{ anyOf: [T, T, T, T, { const: z }] }", "q=z"),
      ("{ type: object, required: [a, b], properties: { a: T, b: T } }", nil),
      ("{ oneOf: [{ type: array, items: T }, { type: array, items: T }, { enum: [leaf] }] }", "q=leaf"),
      ("{ type: array, minItems: 1e300, items: { type: integer } }", nil),
      ("{ type: array, minItems: -1e300, items: { type: integer } }", "q=1"),
      ("{ type: array, minItems: .nan, items: { type: integer } }", "q=1"),
      ("{ type: number, minimum: 1e300, multipleOf: 1e-300 }", nil),
    ] as [(String, String?)])
  func circles(schema: String, expected: String?) throws {
    let reference = "{ $ref: '#/components/schemas/T' }"
    let text = """
      openapi: 3.1.0
      servers: [{ url: 'http://h' }]
      paths:
        /a: { get: { parameters: [{ name: q, in: query, required: true, schema: \(reference) }] } }
        /b: { post: { requestBody: { content: { application/json: { schema: \(reference) } } } } }
        /c: { get: {} }
      components: { schemas: { T: \(schema.replacing(/\bT\b/, with: reference)) } }
      """
    let urls = try openAPI(text).requests.filter { $0.method == "GET" }.map(\.url)
    #expect(urls == (expected.map { ["http://h/a?\($0)"] } ?? []) + ["http://h/c"])
  }

  @Test("Swagger 2.0 is refused by its name")
  func swagger() {
    let error = #expect(throws: ImportError.self) { try openAPI("swagger: '2.0'") }
    #expect(error?.description.contains("Swagger 2.0") == true)
  }
}
