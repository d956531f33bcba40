import AppStore
import Digests
import Testing

@testable import AppBackup

/// The examples of Amazon's S3 API reference, "Examples: Signature Calculations", read 2026-11-25.
struct S3SignatureTests {
  private static let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
  private static let signature = S3Signature(
    accessKey: "AKIAIOSFODNN7EXAMPLE", secretKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", region: "us-east-1",
    time: "20130524T000000Z")

  private func headers(_ payload: String, _ more: [(String, String)] = []) -> [(String, String)] {
    [("host", "examplebucket.s3.amazonaws.com"), ("x-amz-date", "20130524T000000Z"), ("x-amz-content-sha256", payload)]
      + more
  }

  @Test("GET object")
  func get() {
    let text = Self.signature.authorization(
      method: "GET", path: "/test.txt", query: [], headers: headers(Self.empty, [("range", "bytes=0-9")]),
      payload: Self.empty)
    #expect(text.hasSuffix("Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"))
    #expect(text.contains("SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,"))
  }

  @Test("PUT object, with a name that has to be encoded")
  func put() {
    let hash = SHA256Digest.hexadecimal(SHA256Digest.of(Array("Welcome to Amazon S3.".utf8)))
    let text = Self.signature.authorization(
      method: "PUT", path: "/test$file.text", query: [],
      headers: headers(
        hash, [("date", "Fri, 24 May 2013 00:00:00 GMT"), ("x-amz-storage-class", "REDUCED_REDUNDANCY")]),
      payload: hash)
    #expect(text.hasSuffix("Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"))
  }

  @Test("list objects, with a query in any order")
  func list() {
    for query in [[("max-keys", "2"), ("prefix", "J")], [("prefix", "J"), ("max-keys", "2")]] {
      let text = Self.signature.authorization(
        method: "GET", path: "/", query: query, headers: headers(Self.empty), payload: Self.empty)
      #expect(text.hasSuffix("Signature=34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"))
    }
  }

  @Test(
    "places that can't be used are refused",
    arguments: [
      "s3://", "s3://UPPER", "s3://ab", "s3://bucket/a b", "s3://bucket/../x", "s3://bucket/ä", "s4://bucket",
    ])
  func refused(url: String) {
    let error = #expect(throws: StoreError.self) {
      try S3Bucket(url: url, environment: ["AWS_ACCESS_KEY_ID": "k", "AWS_SECRET_ACCESS_KEY": "hidden"])
    }
    #expect(error?.code == .urlInvalid)
    #expect(error?.description.contains("hidden") == false)
  }

  @Test("a place, its endpoint and its folder")
  func place() throws {
    let keys = ["AWS_ACCESS_KEY_ID": "k", "AWS_SECRET_ACCESS_KEY": "hidden"]
    let amazon = try S3Bucket(
      url: "s3://my-bucket/a//b", environment: keys.merging(["AWS_REGION": "ap-south-1"]) { $1 })
    #expect(amazon.endpoint == "https://s3.ap-south-1.amazonaws.com")
    #expect(amazon.place == "s3://my-bucket/a/b/")
    let other = try S3Bucket(
      url: "s3://my-bucket", environment: keys.merging(["AWS_ENDPOINT_URL": "http://127.0.0.1:9000/"]) { $1 })
    #expect(other.endpoint == "http://127.0.0.1:9000")
    #expect(other.place == "s3://my-bucket/")
    #expect(!"\(other)".contains("hidden"))
    // Keys are not sent in the clear over a network.
    #expect(throws: StoreError.self) {
      try S3Bucket(url: "s3://my-bucket", environment: keys.merging(["AWS_ENDPOINT_URL": "http://example.org"]) { $1 })
    }
  }
}
