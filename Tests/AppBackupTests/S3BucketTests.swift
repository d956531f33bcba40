import AppStore
import Curl
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import AppBackup

struct S3BucketTests {
  private static func bucket(_ endpoint: String) throws -> S3Bucket {
    try S3Bucket(
      url: "s3://backups/nightly",
      environment: ["AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_ENDPOINT_URL": endpoint])
  }

  private static func listing(_ keys: [String], more token: String? = nil) -> LoopbackServer.Answer {
    let contents = keys.map { "<Contents><Key>\($0)</Key></Contents>" }.joined()
    let next = token.map { "<NextContinuationToken>\($0)</NextContinuationToken>" } ?? ""
    return LoopbackServer.Answer(body: Array("<ListBucketResult>\(contents)\(next)</ListBucketResult>".utf8))
  }

  /// A request's head, as the server took it.
  private struct Head {
    var path: String
    var query: [(String, String)]
    var fields: [String: String]

    init(_ text: String) {
      let lines = text.components(separatedBy: "\r\n")
      let target = lines[0].split(separator: " ")[1].split(separator: "?", maxSplits: 1)
      path = String(target[0])
      query = (target.count > 1 ? target[1] : "").split(separator: "&").map { pair in
        let parts = pair.split(separator: "=", omittingEmptySubsequences: false).map { String($0) }
        return (parts[0].removingPercentEncoding ?? "", parts[1].removingPercentEncoding ?? "")
      }
      fields = Dictionary(
        lines.dropFirst().compactMap { line in
          line.firstIndex(of: ":").map { (line[..<$0].lowercased(), String(line[$0...].dropFirst(2))) }
        }
      ) { first, _ in first }
    }
  }

  @Test(
    "the host and the path that are signed are those that the server is asked for",
    arguments: ["", "/", "/storage/v1/s3", "/storage/v1/s3/"])
  func endpoint(path: String) async throws {
    let head = Mutex<Head?>(nil)
    let server = try LoopbackServer { text in
      head.withLock { $0 = Head(text) }
      return Self.listing(["nightly/outgrown-a", "nightly/outgrown-b"])
    }
    defer { server.stop() }
    let bucket = try Self.bucket(server.url + path)
    let client = try CurlClient(maxTransfers: 1)
    defer { client.shutdown() }
    #expect(try await bucket.names(beginning: "outgrown-", at: 0, client: client) == ["outgrown-a", "outgrown-b"])
    let asked = try #require(head.withLock { $0 })
    #expect(asked.fields["host"] == "127.0.0.1:\(server.port)")
    #expect(asked.path == (path.count > 1 ? "/storage/v1/s3" : "") + "/backups")
    let signed = ["host", "x-amz-content-sha256", "x-amz-date"].map { ($0, asked.fields[$0] ?? "") }
    let expected = S3Signature(accessKey: "key", secretKey: "secret", region: "us-east-1", time: "19700101T000000Z")
      .authorization(
        method: "GET", path: asked.path, query: asked.query, headers: signed,
        payload: asked.fields["x-amz-content-sha256"] ?? "")
    #expect(asked.fields["authorization"] == expected)
  }

  @Test("the port goes into the host unless it is the scheme's own")
  func authority() throws {
    #expect(try Self.bucket("https://s3.example.org:443/x").authority == "s3.example.org")
    #expect(try Self.bucket("https://s3.example.org:9443/x").authority == "s3.example.org:9443")
    #expect(try Self.bucket("http://[::1]:9000").authority == "[::1]:9000")
    for endpoint in ["https://user@s3.example.org", "https://s3.example.org/?x=1", "https://s3.example.org/a%20b"] {
      #expect(throws: StoreError.self) { try Self.bucket(endpoint) }
    }
  }

  @Test("a list of several answers is read to its end")
  func pages() async throws {
    let server = try LoopbackServer { text in
      let token = Head(text).query.first { $0.0 == "continuation-token" }?.1
      let number = token.flatMap { Int($0.dropFirst(5)) } ?? 0
      return Self.listing(["nightly/outgrown-\(number)"], more: number < 4 ? "page/\(number + 1)" : nil)
    }
    defer { server.stop() }
    let client = try CurlClient(maxTransfers: 1)
    defer { client.shutdown() }
    let names = try await Self.bucket(server.url).names(beginning: "outgrown-", at: 0, client: client)
    #expect(names == (0...4).map { "outgrown-\($0)" })
  }

  @Test("a list without an end is given up")
  func endless() async throws {
    let count = Atomic(0)
    let server = try LoopbackServer { _ in
      // Ended in the long run, so that a reader without a bound fails and does not hang.
      let number = count.add(1, ordering: .relaxed).newValue
      return Self.listing(["nightly/outgrown-a"], more: number < 500 ? "more" : nil)
    }
    defer { server.stop() }
    let client = try CurlClient(maxTransfers: 1)
    defer { client.shutdown() }
    let error = await #expect(throws: StoreError.self) {
      try await Self.bucket(server.url).names(beginning: "outgrown-", at: 0, client: client)
    }
    #expect(error?.code == .backupFailed)
    #expect(count.load(ordering: .relaxed) == S3Bucket.maximumPages)
  }
}
