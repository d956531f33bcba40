// swift-tools-version: 6.2
import PackageDescription

/// Warnings are errors under CI, and only for this package's own targets.
let strict: [SwiftSetting] = Context.environment["CI"] == nil ? [] : [.treatAllWarnings(as: .error)]
/// `scripts/fuzz` sets it; the fuzz targets and what they need for libFuzzer are in no other build.
let isFuzzing = Context.environment["OUTGROWN_FUZZ"] != nil
let instrumented: [SwiftSetting] =
  isFuzzing ? [.unsafeFlags(["-sanitize=address,fuzzer", "-enable-testing"])] : []
let settings: [SwiftSetting] =
  [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
  ] + strict + instrumented

let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let httpTypes: Target.Dependency = .product(name: "HTTPTypes", package: "swift-http-types")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore: Target.Dependency = .product(name: "HummingbirdCore", package: "hummingbird")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let mustache: Target.Dependency = .product(name: "Mustache", package: "swift-mustache")
let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let serviceLifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals: Target.Dependency = .product(name: "UnixSignals", package: "swift-service-lifecycle")

/// A room: one target, `Sources/<building>/<room>`, named building + room (`Shared` lends its rooms no prefix).
func room(
  _ building: String, _ room: String, _ dependencies: [Target.Dependency] = [], resources: [Resource] = []
) -> Target {
  let prefix = ["AppCore": "App", "Shared": ""][building, default: building]
  return .target(
    name: prefix + room,
    dependencies: dependencies,
    path: "Sources/\(building)/\(room)",
    resources: resources,
    swiftSettings: settings
  )
}

/// A test target for a room, in a folder of its own; fixtures are read from the source tree.
func tests(_ target: String, _ dependencies: [Target.Dependency] = [], fixtures: Bool = false) -> Target {
  .testTarget(
    name: "\(target)Tests",
    dependencies: [.target(name: target)] + dependencies,
    exclude: fixtures ? ["Fixtures"] : [],
    swiftSettings: settings
  )
}

/// A small executable on one room, for figures that a test can't give.
func benchmark(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .executableTarget(
    name: name, dependencies: dependencies, path: "Benchmarks/\(name)", swiftSettings: settings)
}

/// A C library of the system, by module map.
func library(_ name: String, pkgConfig: String? = nil, apt package: String) -> Target {
  .systemLibrary(name: name, path: "Sources/C/\(name)", pkgConfig: pkgConfig, providers: [.apt([package])])
}

let package = Package(
  name: "Outgrown",
  products: [
    .executable(name: "outgrown", targets: ["Outgrown"])
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
    .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1", traits: []),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", exact: "2.1.1"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
  ],
  targets: [
    .executableTarget(
      name: "Outgrown",
      dependencies: [
        "AppComposition", "BenchCommand", "Evidence", "MonitorCommand", "ProvisionCommand", "Terminal", argumentParser,
      ],
      path: "Sources/Outgrown",
      swiftSettings: settings
    ),

    // AppCore: the doctor schedule of a campus health centre.
    room("AppCore", "Domain", ["Instants", "Plans", "Wording"]),
    room(
      "AppCore", "Notify",
      [
        "AppDomain", "Channels", "Digests", "Plans", "Secrets", "Services", "Telemetry", "Timers", "Wording", logging,
        mustache, serviceLifecycle,
      ], resources: [.embedInCode("Templates")]),
    room(
      "AppCore", "Schedule",
      ["AppDomain", "Digests", "Instants", "Services", "Timers", "Wording", logging, serviceLifecycle]),
    room("AppCore", "Scrape", ["Addresses", "AppDomain", "Curl", "CXML", "Terminal", "Timers"]),
    room("AppCore", "Store", ["AppDomain", "Plans", "Postgres", "Secrets", "Timers", "Wording", grdb]),
    room(
      "AppCore", "Backup",
      ["AppStore", "COpenSSL", "Curl", "Digests", "Instants", "Postgres", "Secrets", "Timers", "Wording", grdb]),
    room("AppCore", "Cache", ["CBrotli", "CZlib", "Digests", "Redis"]),
    room(
      "AppCore", "API",
      [
        "Addresses", "AppCache", "AppDomain", "Digests", "Evidence", "HTTPService", "Instants", "Plans", "Telemetry",
        "Visits", "Wording",
        httpTypes, hummingbird, logging, mustache, nioCore,
      ], resources: [.embedInCode("Documents")]),
    room(
      "AppCore", "SampleSite", ["AppDomain", "HTTPService", httpTypes, hummingbird, nioCore],
      resources: [.embedInCode("Resources")]),
    room(
      "AppCore", "Composition",
      [
        "AppAPI", "AppBackup", "AppCache", "AppDomain", "AppNotify", "AppSampleSite", "AppSchedule", "AppScrape",
        "AppStore", "Channels", "Cryptography", "Curl", "Evidence", "HTTPService", "Instants", "Logs", "Plans",
        "Postgres", "Redis", "Secrets", "Sentry", "Services",
        "Telemetry", "Terminal", "Timers", "Visits", "Wording", argumentParser, logging, serviceLifecycle,
      ]),

    // Bench: the load generator.
    room(
      "Bench", "Engine",
      ["Authorities", "CLinux", "COpenSSL", "CZlib", "Digests", "Histograms", "Matching", "Measures", "Timers"]),
    room(
      "Bench", "Emulator",
      ["BenchEngine", "CLinux", "Plans", "Terminal", "Timers", "Visits", nioCore, nioHTTP1, nioPosix]),
    room(
      "Bench", "Scenario",
      [
        "Addresses", "BenchEngine", "BenchVerdict", "Digests", "Documents", "Evidence", "Instants", "Matching",
        "Secrets", "Terminal", "Wording",
      ]),
    room(
      "Bench", "Verdict", ["BenchEngine", "Histograms", "Matching", "Measures", "Statistics", "Terminal", "Wording"]),
    room(
      "Bench", "Reporting",
      ["BenchEngine", "BenchVerdict", "Evidence", "Histograms", "Measures", "Terminal", "Wording"]),
    room(
      "Bench", "Capacity",
      [
        "BenchEmulator", "BenchEngine", "BenchScenario", "BenchVerdict", "Evidence", "Histograms", "Matching",
        "Measures", "Plans",
        "Statistics", "Terminal", "Wording",
      ]),
    room("Bench", "Comparison", ["Evidence", "Measures", "Statistics", "Terminal", "Wording"]),
    room(
      "Bench", "Command",
      [
        "BenchCapacity", "BenchComparison", "BenchEmulator", "BenchEngine", "BenchReporting", "BenchScenario",
        "BenchVerdict", "Digests",
        "Documents", "Evidence", "Histograms", "Measures", "Plans", "Statistics", "Terminal", "Timers", "Wording",
        argumentParser,
      ]),

    // Monitor: uptime, and sleep without causing wakes.
    room("Monitor", "Probe", ["Curl", "Evidence", "Matching", "Visits", "Wording"]),
    room("Monitor", "Sleep", ["Evidence", "Plans", "Statistics", "Visits", "Wording"]),
    room("Monitor", "Ledger", ["Evidence", "MonitorSleep", "Terminal", "Timers", "Visits", grdb]),
    room(
      "Monitor", "Command",
      [
        "Curl", "Documents", "Evidence", "HTTPService", "Instants", "Logs", "MonitorLedger", "MonitorProbe",
        "MonitorSleep",
        "Secrets", "Services", "Statistics", "Terminal", "Timers", "Visits", "Wording", argumentParser, httpTypes,
        hummingbird, logging, serviceLifecycle,
      ]),

    // Provision: blueprints, prices, traffic and the decision.
    room("Provision", "Blueprint", ["Documents", "Terminal", "Wording"]),
    room(
      "Provision", "Lint",
      ["Addresses", "Documents", "Evidence", "Instants", "Plans", "ProvisionBlueprint", "Secrets", "Wording"]),
    room("Provision", "Cost", ["Documents", "Plans", "ProvisionBlueprint", "Terminal", "Wording"]),
    room(
      "Provision", "Checklist", ["Documents", "Evidence", "Plans", "ProvisionBlueprint", "Terminal", "Wording"]),
    room("Provision", "Traffic", ["CZlib", "Documents", "Evidence", "Statistics", "Terminal", "Visits", "Wording"]),
    room("Provision", "Decision", ["Documents", "Evidence", "Plans", "Statistics", "Terminal", "Wording"]),
    room(
      "Provision", "Command",
      [
        "Curl", "Documents", "Evidence", "Instants", "Plans", "ProvisionBlueprint", "ProvisionChecklist",
        "ProvisionCost",
        "ProvisionDecision",
        "ProvisionLint", "ProvisionTraffic", "Terminal", "Visits", "Wording", argumentParser,
      ]),

    // Shared: what two buildings need.
    room("Shared", "Addresses"),
    room("Shared", "Authorities"),
    room("Shared", "Channels", ["Cryptography", "Curl", "Instants", "Secrets", "Wording"]),
    room("Shared", "Cryptography", ["COpenSSL", "Digests", "Wording"]),
    room("Shared", "Curl", ["Addresses", "Authorities", "CCurl", "Instants", "Terminal", "Timers", "Wording"]),
    room("Shared", "Digests", ["COpenSSL"]),
    room("Shared", "Documents", ["CYaml", "Terminal", "Wording"]),
    room("Shared", "Evidence", ["Instants", "Measures", "Statistics", "Terminal"]),
    room("Shared", "Histograms", ["CZlib"]),
    room(
      "Shared", "HTTPService",
      [
        "Addresses", "Instants", "Secrets", "Services", "Telemetry", "Terminal", "Wording", httpTypes, hummingbird,
        hummingbirdCore, logging, nioCore, nioHTTP1, serviceLifecycle,
      ]),
    room("Shared", "Instants"),
    room("Shared", "Logs", ["Instants", "Terminal", "Wording", logging]),
    room("Shared", "Matching"),
    room("Shared", "Measures", ["Histograms"]),
    room("Shared", "Plans", ["Evidence", "Terminal", "Wording"], resources: [.embedInCode("Catalogues")]),
    room("Shared", "Postgres", ["Authorities", "CLinux", "CPostgres", "Secrets", "Timers", "Wording"]),
    room("Shared", "Redis", ["CHiredis", "Curl", "Secrets", "Timers", "Wording"]),
    room("Shared", "Secrets"),
    room(
      "Shared", "Sentry",
      ["Addresses", "Curl", "Instants", "Secrets", "Telemetry", "Timers", "Wording", logging, serviceLifecycle]),
    room("Shared", "Services", ["Terminal", "Timers", logging, serviceLifecycle, unixSignals]),
    room("Shared", "Statistics", ["Digests"]),
    room("Shared", "Telemetry"),
    room("Shared", "Terminal", ["Wording", argumentParser]),
    room("Shared", "Timers", ["CLinux"]),
    room("Shared", "Visits", ["Digests", "Evidence", "Instants"]),
    room("Shared", "Wording"),

    library("CBrotli", pkgConfig: "libbrotlienc", apt: "libbrotli-dev"),
    library("CCurl", pkgConfig: "libcurl", apt: "libcurl4-openssl-dev"),
    // Without pkg-config: what it says for hiredis is refused by the package manager.
    .systemLibrary(name: "CHiredis", path: "Sources/C/CHiredis", providers: [.apt(["libhiredis-dev"])]),
    library("COpenSSL", pkgConfig: "libssl", apt: "libssl-dev"),
    library("CPostgres", pkgConfig: "libpq", apt: "libpq-dev"),
    library("CXML", pkgConfig: "libxml-2.0", apt: "libxml2-dev"),
    library("CYaml", pkgConfig: "yaml-0.1", apt: "libyaml-dev"),
    library("CZlib", pkgConfig: "zlib", apt: "zlib1g-dev"),
    .systemLibrary(name: "CLinux", path: "Sources/C/CLinux"),

    benchmark("EngineBenchmark", ["BenchEngine", "BenchVerdict", "Histograms", "Measures"]),
    benchmark("ComparisonBenchmark", ["BenchComparison", "Evidence", "Statistics"]),
    benchmark("StoreBenchmark", ["AppDomain", "AppSampleSite", "AppScrape", "AppStore", "Wording"]),
    benchmark("NotificationBenchmark", ["AppDomain", "AppStore", "Channels", "Cryptography", "Wording"]),
    benchmark("RegretBenchmark", ["Evidence", "Plans", "ProvisionDecision", "Statistics"]),
    benchmark("SilenceBenchmark", ["BenchEngine", "BenchVerdict", "Histograms", "Measures", "Statistics"]),
    benchmark("SurenessBenchmark", ["Statistics"]),
    benchmark("ProvisionBenchmark", ["Documents", "Plans", "ProvisionCost", "ProvisionLint"]),
    benchmark("TrafficBenchmark", ["Evidence", "ProvisionTraffic"]),

    .target(
      name: "TestSupport", dependencies: ["HTTPService", "Postgres", "Telemetry", hummingbird, logging],
      path: "Tests/TestSupport", swiftSettings: settings),
    tests("Addresses"),
    tests(
      "AppAPI",
      [
        "AppCache", "AppDomain", "AppStore", "HTTPService", "Postgres", "Secrets", "Telemetry", "TestSupport",
        "Visits", "Wording", grdb, hummingbird,
      ]),
    tests("AppCache", ["CBrotli", "CZlib", "Redis", "Services", "Statistics", "TestSupport"]),
    tests("AppBackup", ["AppDomain", "AppStore", "Curl", "Digests", "Plans", "Postgres", "TestSupport"]),
    tests(
      "AppComposition",
      [
        "AppAPI", "AppBackup", "AppCache", "AppDomain", "AppSchedule", "AppStore", "Channels", "HTTPService",
        "Outgrown", "Plans", "Redis", "Secrets", "Sentry", "Services", "Terminal", "TestSupport", "Timers", "Wording",
        serviceLifecycle,
      ]),
    tests("AppDomain", ["Plans"]),
    tests(
      "AppNotify",
      [
        "AppDomain", "AppStore", "Channels", "Curl", "Plans", "Secrets", "Services", "Telemetry", "TestSupport",
        "Wording", serviceLifecycle,
      ],
      fixtures: true),
    tests("AppSampleSite", ["AppDomain"]),
    tests("AppSchedule", ["AppDomain", "Services", "TestSupport", "Wording", logging, serviceLifecycle]),
    tests("AppScrape", ["AppDomain", "AppSampleSite", "Curl", "Statistics", "TestSupport", "Timers"], fixtures: true),
    tests("AppStore", ["AppDomain", "Plans", "Postgres", "TestSupport", grdb]),
    tests("Authorities"),
    tests(
      "BenchCapacity",
      [
        "BenchEngine", "BenchScenario", "BenchVerdict", "Evidence", "Histograms", "Measures", "Plans", "Statistics",
        "Terminal", "TestSupport",
      ], fixtures: true),
    tests(
      "BenchCommand",
      [
        "BenchEngine", "BenchReporting", "BenchScenario", "Evidence", "Measures", "Outgrown", "Terminal", "TestSupport",
        argumentParser,
      ]),
    tests("BenchComparison", ["Evidence", "Measures", "Statistics", "Terminal", "TestSupport"]),
    tests("BenchEmulator", ["BenchEngine", "Plans", "TestSupport", "Timers"]),
    tests("BenchEngine", ["COpenSSL", "Histograms", "Matching", "Measures", "TestSupport", "Timers"]),
    tests(
      "BenchReporting", ["BenchEngine", "Evidence", "Histograms", "Measures", "Terminal", "TestSupport", "Wording"],
      fixtures: true),
    tests(
      "BenchScenario", ["Addresses", "BenchEngine", "BenchVerdict", "Documents", "Matching", "Measures", "TestSupport"]),
    tests(
      "BenchVerdict",
      ["BenchEngine", "Histograms", "Matching", "Measures", "SilenceBenchmark", "Terminal", "TestSupport"],
      fixtures: true),
    tests("Channels", ["Cryptography", "Curl", "Secrets", "TestSupport"]),
    tests("Cryptography"),
    tests("Curl", ["TestSupport"]),
    tests("Digests"),
    tests("Documents"),
    tests("Evidence", ["Statistics", "TestSupport"]),
    tests("Histograms", ["Statistics", "TestSupport"]),
    tests("Instants"),
    tests("Matching", ["Digests"]),
    tests("Logs", ["Terminal", "TestSupport", logging]),
    tests("Measures"),
    tests(
      "HTTPService",
      ["Addresses", "Statistics", "Telemetry", "TestSupport", "Timers", httpTypes, hummingbird, logging, nioCore]),
    tests(
      "MonitorCommand",
      [
        "Curl", "Documents", "Evidence", "MonitorLedger", "MonitorProbe", "MonitorSleep", "Outgrown", "Secrets",
        "Terminal", "TestSupport", "Visits", argumentParser, grdb,
      ]),
    tests("MonitorLedger", ["Evidence", "MonitorSleep", "TestSupport", "Visits", grdb]),
    tests("MonitorProbe", ["Curl", "TestSupport", "Visits"]),
    tests("MonitorSleep", ["BenchEmulator", "Evidence", "Plans", "Statistics", "TestSupport", "Visits"]),
    tests("Plans", ["Statistics", "TestSupport"]),
    tests("Postgres", ["Secrets", "TestSupport", "Timers"]),
    tests("ProvisionBlueprint", ["Documents", "TestSupport"]),
    tests(
      "ProvisionChecklist", ["Documents", "Evidence", "Plans", "ProvisionBlueprint", "TestSupport"],
      fixtures: true),
    tests("ProvisionCommand", ["Outgrown", "ProvisionDecision", "Terminal", "TestSupport"]),
    tests("ProvisionCost", ["Documents", "Plans", "ProvisionBlueprint", "TestSupport"], fixtures: true),
    tests(
      "ProvisionDecision",
      [
        "Documents", "Evidence", "Plans", "ProvisionTraffic", "RegretBenchmark", "Statistics", "Terminal",
        "TestSupport",
      ], fixtures: true),
    tests(
      "ProvisionLint",
      ["Documents", "Plans", "ProvisionBlueprint", "ProvisionCost", "Secrets", "Statistics", "TestSupport"]),
    tests("ProvisionTraffic", ["Documents", "Evidence", "TestSupport", "Visits"]),
    tests("Redis", ["TestSupport"]),
    tests("Secrets"),
    tests(
      "Sentry", ["Curl", "Statistics", "Telemetry", "TestSupport", "Timers", logging, serviceLifecycle], fixtures: true),
    tests("Services", ["TestSupport", "Timers", serviceLifecycle]),
    tests("Statistics", ["TestSupport"]),
    tests("Telemetry"),
    tests("Terminal"),
    tests("Timers"),
    tests("Visits", ["AppAPI", "Evidence", "Instants", "MonitorCommand", "ProvisionTraffic", "TestSupport"]),
    tests("Wording"),
  ],
  swiftLanguageModes: [.v6]
)

if isFuzzing {
  package.targets.append(
    .executableTarget(
      name: "Fuzz",
      dependencies: [
        "AppDomain", "AppScrape", "BenchEngine", "BenchScenario", "Documents", "Matching", "Plans", "ProvisionCost",
        "ProvisionLint",
      ],
      path: "Fuzz",
      exclude: ["Corpus"], swiftSettings: settings, linkerSettings: [.unsafeFlags(["-sanitize=address"])]))
}
