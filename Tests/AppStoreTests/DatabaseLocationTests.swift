import AppStore
import Testing

struct DatabaseLocationTests {
  @Test(
    "sqlite URLs name a path",
    arguments: [
      ("sqlite:var/app.sqlite", "var/app.sqlite"), ("sqlite:/srv/app.sqlite", "/srv/app.sqlite"), ("SQLITE:x", "x"),
    ])
  func sqlite(url: String, path: String) throws {
    #expect(try DatabaseLocation(url: url) == .sqlite(path: path))
  }

  @Test(
    "PostgreSQL URLs name a server; the place has neither user nor password", arguments: ["postgres", "postgresql"])
  func postgres(scheme: String) throws {
    let location = try DatabaseLocation(url: "\(scheme)://user:secret@db.example:5433/app?sslmode=require")
    #expect(location.place == "postgres://db.example:5433/app")
    #expect(!"\(location)".contains("secret"))
  }

  @Test(
    "anything else is refused without repeating what may hold a password",
    arguments: [
      ("postgres://u:secret@h/d?nonsense=1", "unknown option"), ("postgresql:u:secret@h/d", "postgres://user:password"),
      ("sqlite:", "a path to a file"),
      ("sqlite://secret", "a path to a file"), ("sqlite::memory:", "a path to a file"),
      ("mysql://u:secret@h/d", "unknown kind of database"), ("", "unknown kind of database"),
    ])
  func refused(url: String, reason: String) {
    let error = #expect(throws: StoreError.self) { try DatabaseLocation(url: url) }
    #expect(error?.code == .urlInvalid)
    #expect(error?.description.contains(reason) == true)
    #expect(error?.description.contains("secret") == false)
  }
}
