import Secrets
import Testing

@testable import Redis

struct RedisConfigurationTests {
  @Test("a URL's parts are read, the password apart")
  func parts() throws {
    let full = try RedisConfiguration(url: "redis://ann:p%40ss%3Aw@cache.example:6380/3")
    #expect(full.host == "cache.example" && full.port == 6_380 && full.database == 3)
    #expect(full.user == "ann" && full.password?.secret == "p@ss:w")
    #expect(full.place == "cache.example:6380/3")
    #expect(!"\(full)".contains("p@ss"))
    let short = try RedisConfiguration(url: "REDIS://127.0.0.1")
    #expect(short.port == 6_379 && short.database == 0 && short.user == nil && short.password == nil)
    let old = try RedisConfiguration(url: "redis://:secret@[::1]:7000/")
    #expect(old.host == "::1" && old.user == nil && old.password?.secret == "secret" && old.place == "[::1]:7000/0")
  }

  @Test(
    "what is no such URL is refused without being repeated",
    arguments: [
      "", "redis", "redis:", "redis://", "redis:///1", "http://host", "redis://host:0", "redis://host:70000",
      "redis://host/one", "redis://host/-1", "redis://host/1/2", "redis://host?db=1", "redis://user@host",
      "redis://host/99999999999999999999", "redis://:secret@host:x", "redis://:secret@ho st",
    ])
  func refused(url: String) {
    let error = #expect(throws: RedisError.self) { try RedisConfiguration(url: url) }
    #expect(error?.code == .urlInvalid && error?.message.contains("redis://user:password@host") == true)
    #expect(error?.message.contains("secret") == false)
  }

  @Test("TLS, which it doesn't speak, is refused by name")
  func tls() {
    let error = #expect(throws: RedisError.self) { try RedisConfiguration(url: "rediss://:secret@host") }
    #expect(error?.message.hasPrefix("rediss:// (TLS) is not spoken") == true)
  }
}
