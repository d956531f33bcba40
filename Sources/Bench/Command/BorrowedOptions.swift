import Terminal

/// What load generators that people come from call things: wrk, wrk2, ab, hey, k6, vegeta, and curl for requests.
///
/// Source: hey's manual page (0.1.4, read on 2026-11-27) and the others' usage texts (wrk 4, wrk2 4, ab 2.4, k6 1, vegeta 12).
extension QuickCommand: BorrowsOptions {
  static let borrowedOptions: [String: String] = {
    let byTime =
      "did you mean '--for'? A run of one URL ends by time; a scenario ends by count too ('load: iterations', with 'bench run')"
    let threads = "did you mean '--threads'? It has as many as the load needs without being told"
    let percentiles = "leave it out: percentiles are always told, and in full in latency.hlog"
    let body = "did you mean '--body'?"
    let header = "did you mean '--header'?"
    let timeout = "it is a scenario's: 'defaults: timeouts', with 'bench run'"
    return Dictionary(
      [
        (["--duration", "--durations", "-z", "--time", "--timelimit"], "did you mean '--for'?"),
        (["-d"], "did you mean '--for' (how long), or '--body' (what is sent)?"),
        (["-n", "--requests", "--number", "--iterations", "-i"], byTime),
        (
          ["-c", "--connections", "--concurrency", "--concurrent", "--vus", "-u", "--max-connections", "--workers"],
          "did you mean '--users'?"
        ),
        (["-t"], "did you mean '--threads' (wrk's), or '--for' (ab's)? A timeout (hey's) is a scenario's"),
        (["--cpus"], threads),
        (["-R", "-q", "--qps", "--rps"], "did you mean '--rate', such as '--rate 500/s'?"),
        (["-k"], "did you mean '--insecure' (curl's)? Connections are kept alive (ab's) without being told"),
        (["--keepalive", "--keep-alive"], "leave it out: connections are kept alive"),
        (["-s", "--script"], "write a scenario and run it with 'bench run' (docs/writing-scenarios.md)"),
        (["--timeout", "--connect-timeout"], timeout),
        (["--latency", "-L", "--u_latency", "-U"], percentiles),
        (["-m", "--request"], "did you mean '--method'?"),
        (["-p", "--data", "--data-raw"], body),
        (["-T", "--content-type"], "did you mean '--header 'Content-Type: …''?"),
        (["-A", "-a", "--user", "--token"], header),
        (["--ramp-up", "--rampup", "--stage", "--stages"], "did you mean '--ramp'?"),
        (["--threshold", "--thresholds", "--slo"], "did you mean '--budget', such as --budget 'p(95)<300ms'?"),
        (["-o", "--output", "--summary-export"], "did you mean '--out'?"),
      ].flatMap { words, advice in words.map { ($0, advice) } }, uniquingKeysWith: { first, _ in first })
  }()
}

/// A scenario says itself how it loads.
extension BenchRunCommand: BorrowsOptions {
  static let borrowedOptions: [String: String] = {
    func scenario(_ what: String) -> String { "the scenario says it: \(what) (docs/scenario.md)" }
    return Dictionary(
      [
        (["--duration", "--for", "-d", "-z", "--time"], scenario("'load: hold'")),
        (["-n", "--requests", "--iterations", "-i"], scenario("'load: iterations'")),
        (["--users", "-c", "--connections", "--concurrency", "--vus", "-u"], scenario("'load: users'")),
        (["--rate", "-R", "-q", "--qps", "--rps"], scenario("'load: rate'")),
        (["--ramp", "--stage", "--stages"], scenario("'load: ramp'")),
        (["--budget", "--threshold", "--thresholds"], scenario("'budgets:'")),
        (["--header", "-H", "--method", "-X", "--body"], scenario("its steps")),
        (["-t"], "did you mean '--threads'?"), (["-k"], "did you mean '--insecure'?"),
        (["-e", "--env"], "did you mean '--var'?"), (["--url", "--host"], "did you mean '--target'?"),
        (["-o", "--output", "--summary-export"], "did you mean '--out'?"),
      ].flatMap { words, advice in words.map { ($0, advice) } }, uniquingKeysWith: { first, _ in first })
  }()
}
