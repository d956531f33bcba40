import Foundation
import Testing

/// Sentry's own relay, from PyPI, which says what it can't take of an event.
enum RelayJudge {
  private static let script = """
    import json, sys
    from sentry_relay.processing import StoreNormalizer
    def errors(meta, path=""):
        found = []
        if isinstance(meta, dict):
            for key, value in meta.items():
                if key == "err": found.append(f"{path}: {json.dumps(value)}")
                else: found += errors(value, f"{path}/{key}")
        return found
    normalizer = StoreNormalizer(project_id=1, is_renormalize=False, remove_other=True)
    for line in open(sys.argv[1], encoding="utf-8", newline="\\n"):
        event = normalizer.normalize_event(raw_event=line)
        print(json.dumps([errors(event.get("_meta")), event]))
    """

  struct Judgement {
    var errors: [String]
    var event: [String: Any]
  }

  /// - Parameter events: JSON, a line each. Blocks for less than a second.
  static func judge(_ events: [[UInt8]], in directory: String) throws -> [Judgement] {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let input = URL(filePath: directory + "/events")
    try Data(events.joined(separator: [0x0A])).write(to: input)
    let process = Process()
    process.executableURL = root.appending(path: ".venv/bin/python")
    process.arguments = ["-c", script, input.path]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let answer = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "sentry-relay is in scripts/requirements.txt: see its message above")
    return try answer.split(separator: 0x0A).map { line in
      let pair = try #require(try JSONSerialization.jsonObject(with: line) as? [Any])
      return Judgement(
        errors: try #require(pair.first as? [String]), event: try #require(pair.last as? [String: Any]))
    }
  }
}
