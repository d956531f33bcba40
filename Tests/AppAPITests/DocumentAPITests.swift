import AppDomain
import Foundation
import HTTPService
import TestSupport
import Testing

@testable import AppAPI

struct DocumentAPITests {
  @Test("the first page is HTML for whoever names it, and JSON for everybody else")
  func negotiation() async throws {
    try await ServiceUnderTest.run { service in
      for (accept, isPage) in [
        ("text/html,application/xhtml+xml;q=0.9,*/*;q=0.8", true), ("*/*", false), ("application/json", false),
        ("text/html;q=0", false),
      ] {
        let response = try await service.get("/", headers: ["Accept": accept])
        #expect(response.status == 200)
        #expect(response.headers["content-type"]?.hasPrefix("text/html") == isPage, "\(accept)")
        #expect(response.headers["vary"]?.contains("Accept") == true)
      }
    }
  }

  @Test("pages run what is ours and nothing else")
  func pages() async throws {
    try await ServiceUnderTest.run { service in
      for path in ["/docs", "/"] {
        let page = try await service.get(path, headers: ["Accept": "text/html"])
        #expect(page.headers["content-security-policy"]?.contains("default-src 'none'; script-src 'self'") == true)
        #expect(!page.body.contains("://"), "nothing is loaded from elsewhere")
      }
      let script = try await service.get("/docs/page.js")
      #expect(script.headers["content-type"] == "text/javascript; charset=utf-8" && !script.body.contains("innerHTML"))
    }
  }

  @Test("the description names every parameter that a route takes")
  func parameters() async throws {
    try await ServiceUnderTest.run { service in
      let paths = try await service.get("/openapi.json").object["paths"] as? [String: [String: Any]]
      func names(_ path: String) -> [String]? {
        let operation = paths?[path]?["get"] as? [String: Any]
        return (operation?["parameters"] as? [[String: Any]])?.compactMap { $0["name"] as? String }
      }
      #expect(names("/v1/schedules") == DutyQuery.parameters)
      #expect(names("/v1/changes") == ChangeQuery.parameters)
    }
  }

  @Test("the description names every channel")
  func channels() async throws {
    try await ServiceUnderTest.run { service in
      let components = try await service.get("/openapi.json").object["components"] as? [String: [String: Any]]
      let channel = components?["schemas"]?["Channel"] as? [String: Any]
      #expect(channel?["enum"] as? [String] == NotificationChannel.allCases.map(\.rawValue))
    }
  }
}
