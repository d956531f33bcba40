import Testing

@testable import Telemetry

struct MetricsRegistryTests {
  @Test("counters and gauges render as Prometheus text, series ordered by label values")
  func text() {
    let registry = MetricsRegistry()
    let requests = registry.counter("requests_total", "Requests.", labels: ["route", "status"])
    requests.with("/b", "200").increment()
    requests.with("/a", "200").increment(by: 3)
    registry.gauge("rows", "Rows\nheld.").with().value = 2.5
    registry.gauge("absent", "Not there.") { nil }
    #expect(
      registry.render() == """
        # HELP requests_total Requests.
        # TYPE requests_total counter
        requests_total{route="/a",status="200"} 3
        requests_total{route="/b",status="200"} 1
        # HELP rows Rows\\nheld.
        # TYPE rows gauge
        rows 2.5

        """)
  }

  @Test("label values are escaped")
  func escaping() {
    let registry = MetricsRegistry()
    registry.counter("c_total", "C.", labels: ["path"]).with("a\"b\\c\nd").increment()
    #expect(registry.render().contains(#"c_total{path="a\"b\\c\nd"} 1"#))
  }

  @Test("buckets are cumulative, bounds inclusive, and the last takes everything above")
  func buckets() {
    let registry = MetricsRegistry()
    let durations = registry.durations("d_seconds", "D.", boundsSeconds: [0.001, 1]).with()
    for nanoseconds: Int64 in [500_000, 1_000_000, 1_000_001, 2_500_000_000] {
      durations.record(nanoseconds: nanoseconds)
    }
    let lines = registry.render().split(separator: "\n").dropFirst(2)
    #expect(
      lines == [
        #"d_seconds_bucket{le="0.001"} 2"#, #"d_seconds_bucket{le="1"} 3"#, #"d_seconds_bucket{le="+Inf"} 4"#,
        "d_seconds_sum 2.502500001", "d_seconds_count 4",
      ])
  }

  @Test("series over the limit are counted together")
  func bounded() {
    let registry = MetricsRegistry()
    let family = registry.counter("c_total", "C.", labels: ["who"], limit: 2)
    for who in ["a", "b", "c", "d", "a"] { family.with(who).increment() }
    #expect(family.snapshot.map(\.values) == [["a"], ["b"], ["other"]])
    #expect(family.snapshot.map(\.instrument.value) == [2, 1, 2])
  }

  @Test("increments from many tasks are all counted")
  func concurrent() async {
    let counter = Counter()
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<8 { group.addTask { for _ in 0..<10_000 { counter.increment() } } }
    }
    #expect(counter.value == 80_000)
  }

  @Test("this process' resident memory is between one megabyte and one terabyte")
  func memory() throws {
    let bytes = try #require(ProcessMemory.residentBytes)
    #expect((1e6..<1e12).contains(bytes))
    let peak = try #require(ProcessMemory.peakBytes)
    #expect(Double(peak) >= bytes / 2 && peak < 1_000_000_000_000)
  }

  @Test(
    "the peak is the status' own line in KiB, or nothing",
    arguments: [
      ("Name:\tx\nVmPeak:\t  900 kB\nVmHWM:\t  179200 kB\nVmRSS:\t  1 kB\n", 183_500_800), ("", nil),
      ("Name:\tkthread\n", nil), ("VmHWM:\t0 kB\n", nil), ("VmHWM:\t12\n", nil), ("VmHWM:\t12 MB\n", nil),
      ("VmHWM:\t9223372036854775807 kB\n", nil),
    ] as [(String, Int?)])
  func peak(status: String, bytes: Int?) { #expect(ProcessMemory.peakBytes(status: status) == bytes) }
}
