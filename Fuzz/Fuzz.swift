import Glibc

/// Feeds one reader with what libFuzzer invents: `FUZZ_TARGET=name Fuzz [libFuzzer's arguments]…`. Built and run by
/// `scripts/fuzz`. The target is in the environment because libFuzzer starts this program again with arguments of its
/// own, to merge corpora.
///
/// Source: https://llvm.org/docs/LibFuzzer.html, "Using libFuzzer as a library".
@main
enum Fuzz {
  /// What each target reads, by name; a folder of that name in `Corpus` holds its kept inputs.
  private static let targets: [String: FuzzTarget] = [
    "blueprint": BlueprintTarget.run, "json": JSONTarget.run, "portal": PortalTarget.run, "regex": RegexTarget.run,
    "response": ResponseTarget.run,
    "scenario": ScenarioTarget.run, "template": TemplateTarget.run, "timing": TimingTarget.run,
    "worksheet": WorksheetTarget.run,
  ]
  /// Set once, before libFuzzer's only thread calls back.
  nonisolated(unsafe) private static var target: FuzzTarget = { _ in }

  static func main() {
    guard let name = getenv("FUZZ_TARGET").map({ String(cString: $0) }), let found = targets[name] else {
      complain("expected FUZZ_TARGET to be one of \(targets.keys.sorted().joined(separator: ", "))")
      exit(64)
    }
    target = found
    var count = CommandLine.argc
    var arguments = CommandLine.unsafeArgv
    exit(
      runFuzzer(&count, &arguments) { bytes, count in
        Fuzz.target(UnsafeBufferPointer(start: bytes, count: count))
        return 0
      })
  }

  static func complain(_ message: String) {
    let line = "Fuzz: \(message)\n"
    _ = line.withCString { write(2, $0, strlen($0)) }
  }
}

typealias FuzzTarget = @Sendable (UnsafeBufferPointer<UInt8>) -> Void

/// What must hold whatever the input: libFuzzer keeps an input that ends the process.
func require(_ holds: Bool, _ message: @autoclosure () -> String) {
  guard !holds else { return }
  Fuzz.complain(message())
  abort()
}

@_silgen_name("LLVMFuzzerRunDriver")
private func runFuzzer(
  _ count: UnsafeMutablePointer<Int32>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
  _ callback: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32
