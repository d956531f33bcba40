import ArgumentParser

/// How strictly a run is judged.
struct VerdictOptions: ParsableArguments {
  @Flag(help: "Fail by a percentile only where all of its interval, [398, 431], is beyond the limit.")
  var sure = false
}
