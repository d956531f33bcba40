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
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")

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
    .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
  ],
  targets: [
    .executableTarget(
      name: "Outgrown",
      dependencies: [
        argumentParser, "AppComposition", "BenchCommand", "MonitorCommand", "ProvisionCommand", "Support",
      ],
      path: "Sources/Outgrown",
      swiftSettings: settings
    ),

    // AppCore: the doctor schedule of a campus health centre.
    room("AppCore", "Domain", ["Instants"]),
    room(
      "AppCore", "Notify",
      [
        "AppDomain", "Channels", "Digests", "Services", "Support", "Telemetry", "Timers", logging, mustache,
        serviceLifecycle,
      ],
      resources: [.embedInCode("Templates")]),
    room("AppCore", "Schedule", ["AppDomain", "Services", "Support", "Timers", logging, serviceLifecycle]),
    room("AppCore", "Scrape", ["AppDomain", "CXML", "Curl", "Instants", "Support", "Timers"]),
    room("AppCore", "Store", ["AppDomain", "Postgres", "Support", "Timers", grdb]),
    room(
      "AppCore", "Backup",
      ["AppStore", "COpenSSL", "Curl", "Digests", "Instants", "Postgres", "Support", "Timers", grdb]),
    room(
      "AppCore", "API",
      [
        "AppDomain", "Evidence", "HTTPService", "Instants", "Support", "Telemetry", "Visits", httpTypes, hummingbird,
        logging, nioCore,
      ]),
    room(
      "AppCore", "SampleSite", ["AppDomain", "HTTPService", httpTypes, hummingbird, nioCore],
      resources: [.embedInCode("Resources")]),
    room(
      "AppCore", "Composition",
      [
        argumentParser, logging, serviceLifecycle, "AppAPI", "AppBackup", "AppDomain", "AppNotify",
        "AppSampleSite", "AppSchedule", "AppScrape", "AppStore", "Channels", "Curl", "HTTPService", "Postgres",
        "Services", "Support", "Telemetry", "Timers", "Visits",
      ]),

    // Bench: the load generator.
    room("Bench", "Engine", ["Authorities", "CLinux", "COpenSSL", "CZlib", "Histograms", "Measures", "Timers"]),
    room(
      "Bench", "Emulator",
      ["BenchEngine", "CLinux", "Plans", "Support", "Timers", "Visits", nioCore, nioHTTP1, nioPosix]),
    room("Bench", "Scenario", ["BenchEngine", "BenchVerdict", "Documents", "Instants", "Support"]),
    room("Bench", "Verdict", ["BenchEngine", "Histograms", "Measures", "Support"]),
    room(
      "Bench", "Reporting", ["BenchEngine", "BenchVerdict", "Evidence", "Histograms", "Measures", "Support"]),
    room(
      "Bench", "Command",
      [
        argumentParser, "BenchEmulator", "BenchEngine", "BenchReporting", "BenchScenario", "BenchVerdict", "Digests",
        "Documents", "Evidence", "Histograms", "Measures", "Plans", "Support",
      ]),

    // Monitor: uptime, and sleep without causing wakes.
    room("Monitor", "Probe", ["Curl", "Documents", "Support", "Visits"]),
    room("Monitor", "Sleep", ["Evidence", "Plans", "Statistics", "Support", "Visits"]),
    room("Monitor", "Ledger", ["Evidence", "MonitorSleep", "Support", "Timers", "Visits", grdb]),
    room(
      "Monitor", "Command",
      [
        argumentParser, logging, serviceLifecycle, "Curl", "Documents", "Evidence", "HTTPService", "Instants",
        "MonitorLedger", "MonitorProbe", "MonitorSleep", "Services", "Support", "Timers", "Visits",
        hummingbird, httpTypes,
      ]),

    // Provision: blueprints, prices, traffic and the decision.
    room("Provision", "Blueprint", ["Documents", "Plans", "Support"]),
    room("Provision", "Lint", ["Documents", "Plans", "ProvisionBlueprint", "Support"]),
    room("Provision", "Cost", ["Documents", "Plans", "ProvisionBlueprint", "Support"]),
    room("Provision", "Traffic", ["CZlib", "Documents", "Evidence", "Statistics", "Support", "Visits"]),
    room("Provision", "Decision", ["Documents", "Evidence", "Plans", "Statistics", "Support"]),
    room(
      "Provision", "Command",
      [
        argumentParser, "Curl", "Documents", "Evidence", "Plans", "ProvisionBlueprint", "ProvisionCost",
        "ProvisionDecision", "ProvisionLint", "ProvisionTraffic", "Support", "Visits",
      ]),

    // Shared: what two buildings need.
    room("Shared", "Authorities"),
    room("Shared", "Channels", ["Curl", "Instants", "Support"]),
    room("Shared", "Curl", ["Authorities", "CCurl", "Instants", "Support", "Timers"]),
    room("Shared", "Digests", ["COpenSSL"]),
    room("Shared", "Documents", ["Support", yams]),
    room("Shared", "Evidence", ["Instants", "Measures", "Support"]),
    room("Shared", "Histograms", ["CZlib"]),
    room(
      "Shared", "HTTPService",
      [
        "Services", "Support", "Telemetry", httpTypes, hummingbird, hummingbirdCore, logging, nioCore, nioHTTP1,
        nioPosix, serviceLifecycle,
      ]),
    room("Shared", "Instants"),
    room("Shared", "Measures", ["Histograms"]),
    room("Shared", "Plans", ["Support"], resources: [.embedInCode("Catalogues")]),
    room("Shared", "Postgres", ["Authorities", "CPostgres", "Support", "Timers"]),
    room("Shared", "Services", ["Support", "Timers", logging, serviceLifecycle, unixSignals]),
    room("Shared", "Statistics"),
    room("Shared", "Support"),
    room("Shared", "Telemetry"),
    room("Shared", "Timers", ["CLinux"]),
    room("Shared", "Visits", ["Evidence", "Instants", "Support"]),

    library("CCurl", pkgConfig: "libcurl", apt: "libcurl4-openssl-dev"),
    library("COpenSSL", pkgConfig: "libssl", apt: "libssl-dev"),
    library("CPostgres", pkgConfig: "libpq", apt: "libpq-dev"),
    library("CXML", pkgConfig: "libxml-2.0", apt: "libxml2-dev"),
    library("CZlib", pkgConfig: "zlib", apt: "zlib1g-dev"),
    .systemLibrary(name: "CLinux", path: "Sources/C/CLinux"),

    benchmark("EngineBenchmark", ["BenchEngine", "Histograms", "Measures"]),
    benchmark("StoreBenchmark", ["AppDomain", "AppSampleSite", "AppScrape", "AppStore", "Support"]),
    benchmark("RegretBenchmark", ["Evidence", "Plans", "ProvisionDecision", "Statistics"]),
    benchmark("SilenceBenchmark", ["BenchEngine", "BenchVerdict", "Histograms", "Measures", "Statistics"]),
    benchmark("TrafficBenchmark", ["Evidence", "ProvisionTraffic"]),

    .target(
      name: "TestSupport", dependencies: ["HTTPService", "Postgres", "Telemetry", hummingbird, logging],
      path: "Tests/TestSupport", swiftSettings: settings),
    tests(
      "AppAPI",
      [
        "AppDomain", "AppStore", "HTTPService", "Postgres", "Support", "Telemetry", "TestSupport", "Visits", grdb,
        httpTypes, hummingbird,
      ]),
    tests("AppBackup", ["AppDomain", "AppStore", "Curl", "Digests", "Postgres", "TestSupport"]),
    tests(
      "AppComposition",
      [
        "AppBackup", "AppDomain", "AppSchedule", "AppStore", "Channels", "HTTPService", "Outgrown", "Services",
        "Support", "TestSupport", "Timers", serviceLifecycle,
      ]),
    tests("AppDomain"),
    tests(
      "AppNotify",
      ["AppDomain", "AppStore", "Channels", "Services", "Support", "Telemetry", "TestSupport", serviceLifecycle],
      fixtures: true),
    tests("AppSampleSite", ["AppDomain"]),
    tests("AppSchedule", ["AppDomain", "Services", "Support", "TestSupport", logging, serviceLifecycle]),
    tests("AppScrape", ["AppDomain", "AppSampleSite", "Curl", "Support", "TestSupport"], fixtures: true),
    tests("AppStore", ["AppDomain", "Postgres", "TestSupport", grdb]),
    tests("Authorities"),
    tests(
      "BenchCommand",
      [
        argumentParser, "BenchEngine", "BenchReporting", "BenchScenario", "BenchVerdict", "Evidence", "Histograms",
        "Measures", "Outgrown", "Plans", "Support", "TestSupport",
      ], fixtures: true),
    tests("BenchEmulator", ["BenchEngine", "Plans", "Support", "TestSupport", "Timers", nioHTTP1]),
    tests("BenchEngine", ["COpenSSL", "CZlib", "Histograms", "Measures", "TestSupport", "Timers"]),
    tests(
      "BenchReporting", ["BenchEngine", "Evidence", "Histograms", "Measures", "Support", "TestSupport"],
      fixtures: true),
    tests("BenchScenario", ["BenchEngine", "BenchVerdict", "Documents", "TestSupport"]),
    tests(
      "BenchVerdict", ["BenchEngine", "Histograms", "Measures", "SilenceBenchmark", "Support", "TestSupport"],
      fixtures: true),
    tests("Channels", ["Curl", "Support", "TestSupport"]),
    tests("Curl", ["TestSupport"]),
    tests("Digests"),
    tests("Documents"),
    tests("Evidence", ["TestSupport"]),
    tests("Histograms", ["TestSupport"]),
    tests("Instants"),
    tests("Measures"),
    tests("HTTPService", ["Support", "Telemetry", "TestSupport", "Timers", httpTypes, hummingbird, logging]),
    tests(
      "MonitorCommand",
      [
        argumentParser, "Curl", "Documents", "Evidence", "MonitorLedger", "MonitorProbe", "MonitorSleep", "Outgrown",
        "Support", "TestSupport", "Visits", grdb,
      ]),
    tests("MonitorLedger", ["Evidence", "MonitorSleep", "TestSupport", "Timers", "Visits", grdb]),
    tests("MonitorProbe", ["Curl", "Documents", "Support", "TestSupport", "Visits"]),
    tests("MonitorSleep", ["BenchEmulator", "Evidence", "Plans", "Statistics", "Support", "TestSupport", "Visits"]),
    tests("Plans", ["Statistics", "TestSupport"]),
    tests("Postgres", ["Support", "TestSupport", "Timers"]),
    tests("ProvisionBlueprint", ["Documents", "Plans", "Support", "TestSupport"]),
    tests("ProvisionCommand", ["ProvisionDecision", "Support", "TestSupport"]),
    tests(
      "ProvisionCost", ["Documents", "Outgrown", "Plans", "ProvisionBlueprint", "Support", "TestSupport"],
      fixtures: true),
    tests(
      "ProvisionDecision",
      [
        "Documents", "Evidence", "Plans", "ProvisionTraffic", "RegretBenchmark", "Statistics", "Support", "TestSupport",
      ], fixtures: true),
    tests("ProvisionLint", ["Documents", "Plans", "ProvisionBlueprint", "Support", "TestSupport"]),
    tests("ProvisionTraffic", ["Documents", "Evidence", "Plans", "Statistics", "Support", "TestSupport", "Visits"]),
    tests("Services", ["TestSupport", "Timers", serviceLifecycle]),
    tests("Statistics", ["TestSupport"]),
    tests("Support"),
    tests("Telemetry"),
    tests("Timers"),
    tests("Visits", ["AppAPI", "Evidence", "Instants", "MonitorCommand", "ProvisionTraffic", "TestSupport"]),
  ],
  swiftLanguageModes: [.v6]
)

if isFuzzing {
  package.targets.append(
    .executableTarget(
      name: "Fuzz", dependencies: ["AppDomain", "AppScrape", "BenchEngine", "BenchScenario", "Documents"], path: "Fuzz",
      exclude: ["Corpus"], swiftSettings: settings, linkerSettings: [.unsafeFlags(["-sanitize=address"])]))
}
