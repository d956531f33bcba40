import BenchEngine
import Documents
import Foundation
import Measures
import Testing

@testable import BenchScenario

struct ImportTests {
  private static let curl = #"""
    # copied from a browser
    curl 'http://h:8000/schedules?date=25/11/2026' \
      -H 'Accept: application/json' -H 'Authorization: Bearer t' --compressed
    curl -sS -X PUT http://h:8000/a --data-raw $'{"a":"it\'s\n"}' -H "Content-Type: application/json"; curl h:8000/ -d a=1 -d b=2
    curl -L http://h:8000/schedules?date=x
    """#

  private static let scenario = #"""
    # yaml-language-server: $schema=../schemas/scenario.schema.json
    name: mine
    target: http://h:8000
    load:
      users: 1
      hold: 30s
    journeys:
      - name: imported
        steps:
          - name: get schedules
            get: /schedules?date=25/11/2026
            headers:
              Accept: application/json
              Authorization: "{{env.AUTHORIZATION}}"
              Accept-Encoding: "gzip, deflate"
            checks:
              status: 200..299
          - name: put a
            put: /a
            headers:
              Content-Type: application/json
            body: "{\"a\":\"it's\n\"}"
            checks:
              status: 200..299
          - name: post root
            post: /
            headers:
              Content-Type: application/x-www-form-urlencoded
            body: a=1&b=2
            checks:
              status: 200..299
          - name: get schedules 2
            get: /schedules?date=x
            redirects: 5
            checks:
              status: 200..299
    budgets:
      failed: rate < 1%
      response_time: p(95) < 500ms

    """#

  @Test("curl commands become the steps that they are, without their secrets")
  func curl() throws {
    let text = try ScenarioText.write(CurlImport.read(Self.curl), name: "mine").text
    #expect(text == Self.scenario)
    let plan = try ScenarioCompiler.plan(
      ScenarioReader.read(text: text, file: "s.yaml"),
      .init(secondsSince1970: 0, version: "0", environment: ["AUTHORIZATION": "Bearer t"]))
    let request = String(decoding: plan.steps[0].request, as: UTF8.self)
    #expect(request.hasPrefix("GET /schedules?date=25/11/2026 HTTP/1.1\r\n"))
    #expect(request.contains("\r\nAuthorization: Bearer t\r\n"))
    #expect(String(decoding: plan.steps[1].request, as: UTF8.self).hasSuffix("\r\n\r\n{\"a\":\"it's\n\"}"))
  }

  @Test(
    "options are read as curl reads them",
    arguments: [
      ("curl -sSLXPUT h/a", "PUT", "http://h/a", nil),
      ("curl -G h/s --data-urlencode 'q=a b&c' -d z=1", "GET", "http://h/s?q=a%20b%26c&z=1", nil),
      ("curl h/s --data-urlencode =a=b", "POST", "http://h/s", "a%3Db"),
      (#"curl h/j --json '{"a":1'  --json '}'"#, "POST", "http://h/j", #"{"a":1}"#),
      (#"curl h/e -d $'\ud83d\ude00'"#, "POST", "http://h/e", "😀"), ("curl -I h/h", "HEAD", "http://h/h", nil),
      ("curl -d a=1 -- h/a", "POST", "http://h/a", "a=1"),
    ] as [(String, String, String, String?)])
  func options(text: String, method: String, url: String, body: String?) throws {
    let request = try #require(try CurlImport.read(text).requests.first)
    #expect(request.method == method && request.url == url && request.body == body)
  }

  @Test("a form's fields and files become a multipart body; several URLs and --next several steps")
  func forms() throws {
    let imported = try CurlImport.read("curl h/a -F 'f=@a b.png;type=image/png' --form-string w=@x --next h/b h/c")
    let requests = imported.requests
    #expect(requests.map(\.method) == ["POST", "GET", "GET"])
    #expect(requests.map(\.url) == ["http://h/a", "http://h/b", "http://h/c"])
    let text = try ScenarioText.write(imported, name: "forms").text
    #expect(
      text.contains(
        """
                multipart:
                  f: { file: a b.png, type: image/png }
                  w: "@x"

        """))
    #expect(throws: Never.self) { try ScenarioReader.read(text: text, file: "s.yaml") }
  }

  private static let openAPI = """
    openapi: 3.1.0
    servers: [{ url: "http://h:8000/api/" }]
    paths:
      /users/{id}:
        parameters: [{ $ref: "#/components/parameters/id" }]
        get:
          parameters:
            - { name: view, in: query, required: true, schema: { enum: [full, short] } }
            - { name: page, in: query, schema: { type: integer } }
            - { name: q, in: query, example: "a b" }
          responses: { "404": {}, "200": {} }
        delete: { responses: { default: {} } }
      /users:
        post:
          requestBody:
            content: { application/json: { schema: { $ref: "#/components/schemas/user" } } }
          responses: { "201": {} }
        put: { requestBody: { content: { application/json: { schema: { type: object } } } } }
        trace: {}
    components:
      parameters: { id: { name: id, in: path, required: true, schema: { $ref: "#/components/schemas/n" } } }
      schemas:
        n: { type: integer, minimum: 7 }
        user: { example: { name: "Ann", age: 5, tags: [x] } }
    """

  @Test("an OpenAPI description becomes its operations, with its examples")
  func openAPI() throws {
    let root = try DocumentReader().read(text: Self.openAPI, file: "api.yaml")
    let imported = try OpenAPIImport.read(root)
    let requests = imported.requests
    #expect(
      imported.leftOutLines == [
        "left out, no example of its body: 1 (PUT /users)",
        "left out, the method TRACE is none of a step's: 1 (TRACE /users)",
      ])
    #expect(
      requests == [
        ImportedRequest(method: "GET", url: "http://h:8000/api/users/7?view=full&q=a%20b", status: 200),
        ImportedRequest(method: "DELETE", url: "http://h:8000/api/users/7"),
        ImportedRequest(
          method: "POST", url: "http://h:8000/api/users", headers: [.init("Content-Type", "application/json")],
          body: "{\"name\":\"Ann\",\"age\":5,\"tags\":[\"x\"]}", status: 201),
      ])
    let text = try ScenarioText.write(imported, name: "api").text
    let plan = try ScenarioCompiler.plan(ScenarioReader.read(text: text, file: "s.yaml"), .init(secondsSince1970: 0))
    #expect(plan.steps.map(\.name) == ["get api-users-7", "delete api-users-7", "post api-users"])
    #expect(try OpenAPIImport.read(root, server: "http://other").requests[2].url == "http://other/users")
    let swagger = try DocumentReader().read(text: "swagger: '2.0'", file: "api.yaml")
    #expect(throws: ImportError.self) { try OpenAPIImport.read(swagger) }
  }

  @Test("a recording becomes the requests to its first host, with the statuses that were seen")
  func har() throws {
    let archive = """
      {"log": {"version": "1.2", "entries": [
        {"request": {"method": "GET", "url": "https://h/a?b=1", "headers": [
          {"name": ":authority", "value": "h"}, {"name": "Accept", "value": "*/*; q=1, \\"x\\""},
          {"name": "sec-fetch-mode", "value": "cors"}, {"name": "Cookie", "value": "s=1"}]}, "response": {"status": 304}},
        {"request": {"method": "GET", "url": "https://cdn/x.js", "headers": []}, "response": {"status": 200}},
        {"request": {"method": "POST", "url": "https://h/b", "headers": [], "postData": {"text": "k: v\\n#"}},
         "response": {"status": 0}}]}}
      """
    let imported = try HARImport.read(Data(archive.utf8))
    #expect(imported.leftOutLines == ["left out, other hosts: 1 (https://cdn/x.js)"])
    let text = try ScenarioText.write(imported, name: "recorded: 1").text
    let plan = try ScenarioCompiler.plan(
      ScenarioReader.read(text: text, file: "s.yaml"),
      .init(secondsSince1970: 0, version: "0", environment: ["COOKIE": "s=1"]))
    #expect(plan.steps.map(\.name) == ["get a", "post b"])
    #expect(plan.steps[0].acceptedStatuses == [StatusRange(304, 304)])
    #expect(String(decoding: plan.steps[0].request, as: UTF8.self).contains("\r\nAccept: */*; q=1, \"x\"\r\n"))
    #expect(text.contains("Cookie: \"{{env.COOKIE}}\"") && !text.contains("s=1") && text.contains("sec-fetch-mode"))
    #expect(String(decoding: plan.steps[1].request, as: UTF8.self).hasSuffix("\r\n\r\nk: v\n#"))
    #expect(throws: ImportError.self) { try HARImport.read(Data("{}".utf8)) }
  }
}
