import Foundation
import Testing

@testable import Evidence

@Suite struct EvidenceFileTests {
  private struct Note: BoundedDocument, Equatable {
    static let schema = SchemaStamp(name: "outgrown-note", version: 2)
    var schema = Self.schema
    var text: String
    var url = "http://127.0.0.1/a"
    @Nullable var plan: String?
    func checkBounds() throws(EvidenceError) {}
  }

  /// A folder that is gone afterwards.
  private func inFolder(_ body: (String) throws -> Void) throws {
    let folder = NSTemporaryDirectory() + "evidence-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  private func code(_ body: () throws -> Void) -> EvidenceError.Code? {
    do {
      try body()
      return nil
    } catch {
      return (error as? EvidenceError)?.code
    }
  }

  @Test("keys are sorted, slashes plain, and nulls written")
  func encoding() throws {
    let text = String(decoding: try EvidenceFile.encode(Note(text: "a", plan: nil)), as: UTF8.self)
    let expected = """
      {
        "plan" : null,
        "schema" : {
          "name" : "outgrown-note",
          "version" : 2
        },
        "text" : "a",
        "url" : "http://127.0.0.1/a"
      }

      """
    #expect(text == expected)
  }

  @Test("a document survives the way to a file in folders that were not there, and leaves nothing else behind")
  func roundTrip() throws {
    try inFolder { folder in
      let path = folder + "/a/b/note.json"
      try EvidenceFile.write(Note(text: "first", plan: "free"), to: path)
      try EvidenceFile.write(Note(text: "second", plan: nil), to: path)
      #expect(try EvidenceFile.read(Note.self, from: path) == Note(text: "second", plan: nil))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/a/b") == ["note.json"])
    }
  }

  @Test("what can't be written says so with its path, and leaves no temporary file")
  func unwritable() throws {
    try inFolder { folder in
      try FileManager.default.createDirectory(atPath: folder + "/taken", withIntermediateDirectories: true)
      #expect {
        try EvidenceFile.write(Note(text: "a", plan: nil), to: folder + "/taken")
      } throws: {
        "\($0)".hasPrefix(folder + "/taken: can't be written: ")
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["taken"])
      try Data().write(to: URL(filePath: folder + "/file"))
      #expect(code { try EvidenceFile.write(Data(), to: folder + "/file/note.json") } == .unwritable)
    }
  }

  @Test("a folder is made and found writable without leaving anything in it; else the reason is plain")
  func writableFolder() throws {
    try inFolder { folder in
      try EvidenceFile.requireWritable(folder: folder + "/a/b/c/")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/a/b/c") == [])
      try Data().write(to: URL(filePath: folder + "/file"))
      #expect {
        try EvidenceFile.requireWritable(folder: folder + "/file/deep")
      } throws: {
        "\($0)" == "\(folder)/file/deep: can't be made: Not a directory"
      }
      #expect(code { try EvidenceFile.requireWritable(folder: "/proc/none/deep") } == .unwritable)
    }
  }

  @Test(
    "other schemas, other versions and no report at all are told apart",
    arguments: [
      (#"{"schema":{"name":"outgrown-bench-report","version":1},"text":"a","url":"","plan":null}"#, .wrongSchema),
      (#"{"schema":{"name":"outgrown-note","version":3},"text":"a","url":"","plan":null}"#, .unknownVersion),
      (#"{"schema":{"name":"outgrown-note","version":0},"text":"a","url":"","plan":null}"#, .unknownVersion),
      (#"{"schema":{"name":"outgrown-note","version":2},"text":"a","url":""}"#, .malformed),
      (#"{"schema":{"name":"outgrown-note","version":2},"text":1,"url":"","plan":null}"#, .malformed),
      ("[]", .malformed), ("", .malformed), ("{\"schema\":", .malformed),
    ] as [(String, EvidenceError.Code)])
  func refusal(text: String, expected: EvidenceError.Code) {
    #expect(code { _ = try EvidenceFile.decode(Note.self, from: Data(text.utf8)) } == expected)
  }

  @Test("a newer version's message names both versions")
  func newerVersion() throws {
    let text = #"{"schema":{"name":"outgrown-note","version":7}}"#
    let error = try #require(throws: EvidenceError.self) { try EvidenceFile.decode(Note.self, from: Data(text.utf8)) }
    #expect(error.message == "outgrown-note version 7 is newer than this build's 2: read it with a newer outgrown")
  }

  @Test("an older version that this build knows is read")
  func olderVersion() throws {
    let text = #"{"schema":{"name":"outgrown-note","version":1},"text":"a","url":"","plan":null,"more":1}"#
    #expect(try EvidenceFile.decode(Note.self, from: Data(text.utf8)).text == "a")
  }

  @Test("a missing file's message begins with its path")
  func missing() throws {
    try inFolder { folder in
      let path = folder + "/none.json"
      let error = try #require(throws: EvidenceError.self) { try EvidenceFile.read(Note.self, from: path) }
      #expect(error.code == .unreadable && error.message.hasPrefix(path))
      #expect(code { _ = try EvidenceFile.read(Note.self, from: folder) } == .unreadable)
    }
  }

  @Test("a file beyond the limit is refused")
  func tooLarge() throws {
    try inFolder { folder in
      let path = folder + "/large.json"
      #expect(FileManager.default.createFile(atPath: path, contents: nil))
      let handle = try FileHandle(forWritingTo: URL(filePath: path))
      try handle.truncate(atOffset: UInt64(EvidenceFile.sizeLimit) + 1)
      try handle.close()
      #expect(code { _ = try EvidenceFile.read(Note.self, from: path) } == .tooLarge)
    }
  }

  @Test("an instant keeps its milliseconds and is written in UTC")
  func instant() throws {
    let instant = UTCInstant(Date(timeIntervalSince1970: 1_795_478_400.0074))
    #expect(instant.description == "2026-11-24T00:00:00.007Z")
    #expect(instant.millisecondsSince1970 == 1_795_478_400_007)
    let data = try JSONEncoder().encode([instant])
    #expect(try JSONDecoder().decode([UTCInstant].self, from: data) == [instant])
  }

  @Test("this machine has a core, memory and a kernel")
  func machine() {
    let machine = Machine.current
    #expect(machine.cores >= 1)
    #expect((machine.memoryBytes ?? 0) > 1 << 20)
    #expect(machine.kernel?.isEmpty == false)
  }
}
