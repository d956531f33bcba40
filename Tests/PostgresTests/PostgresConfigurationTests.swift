import Secrets
import Testing

@testable import Postgres

struct PostgresConfigurationTests {
  @Test("a URL's parts and libpq's options are read, the password apart")
  func parts() throws {
    let configuration = try PostgresConfiguration(
      url:
        "postgres://u%40x:p%2Fw@db.example:5433/app?sslmode=require&connect_timeout=3&statement_timeout=1500ms&pool_max=7"
    )
    #expect(
      configuration.parameters == [
        "user": "u@x", "host": "db.example", "port": "5433", "dbname": "app", "sslmode": "require",
        "connect_timeout": "3",
      ])
    #expect(configuration.password?.secret == "p/w")
    #expect(configuration.statementTimeout == .milliseconds(1_500))
    #expect(configuration.connectTimeout == .seconds(3))
    #expect(configuration.maxConnections == 7)
    #expect(configuration.place == "db.example:5433/app")
  }

  @Test("postgresql:// is the same, in any case; without options there are defaults")
  func scheme() throws {
    let configuration = try PostgresConfiguration(url: "PostgreSQL://h/d")
    #expect(configuration == (try PostgresConfiguration(url: "postgres://h/d")))
    #expect(configuration.statementTimeout == .seconds(30))
    #expect(configuration.maxConnections == 4)
  }

  @Test(
    "what can't be used is refused, and no message repeats a secret",
    arguments: [
      ("postgres://u:secret@h/d?nonsense=1", "unknown option \"nonsense\""),
      ("postgres://u:secret%zz@h/d", "special characters"),
      ("postgres://u:secret@h/d?pool_max=0", "pool_max"), ("postgres://u:secret@h/d?pool_max=x", "pool_max"),
      ("postgres://u:secret@h/d?statement_timeout=5", "statement_timeout"),
      ("postgres://u:secret@h/d?connect_timeout=soon", "connect_timeout"), ("postgres:secret", "postgres://user"),
      ("postgres://u:secret@h/\0d", "postgres://user"), ("mysql://secret", "postgres://user"),
    ])
  func refused(url: String, reason: String) {
    let error = #expect(throws: PostgresError.self) { try PostgresConfiguration(url: url) }
    #expect(error?.code == .urlInvalid)
    #expect(error?.description.contains(reason) == true, "\(String(describing: error))")
    #expect(error?.description.contains("secret") == false)
  }

  @Test("a password is printed by nothing")
  func redacted() throws {
    let configuration = try PostgresConfiguration(url: "postgres://u:secret@h/d")
    var dumped = ""
    dump(configuration, to: &dumped)
    #expect(!"\(configuration)".contains("secret"))
    #expect(!String(reflecting: configuration).contains("secret"))
    #expect(!configuration.keywordText.contains("secret"))
  }

  @Test("libpq's keyword form quotes what it must")
  func keywords() throws {
    let configuration = try PostgresConfiguration(url: "postgres://h/a%27b%5Cc?application_name=x%20y")
    #expect(configuration.keywordText == #"application_name='x y' dbname='a\'b\\c' host='h'"#)
  }
}
