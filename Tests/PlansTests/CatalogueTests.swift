import Foundation
import TestSupport
import Testing

@testable import Plans

@Suite struct CatalogueTests {
  @Test("every bundled catalogue reads, and its free plan sleeps", arguments: Catalogue.bundledIDs)
  func bundled(id: String) throws {
    let catalogue = try #require(try Catalogue.bundled(id))
    #expect(catalogue.id == id)
    #expect(catalogue.web("free")?.monthly == .zero)
    #expect(catalogue.web("free")?.sleep?.idleSeconds == 900)
    #expect(catalogue.web("free")?.sleep?.pooledHoursPerMonth == 750)
    #expect(catalogue.web("starter")?.monthly == Money(dollars: 7))
    #expect(catalogue.web("starter")?.sleep == nil)
  }

  @Test("every price has a source and a date, and every id is one plan's alone", arguments: Catalogue.bundledIDs)
  func sources(id: String) throws {
    let catalogue = try #require(try Catalogue.bundled(id))
    var readings = [catalogue.source]
    readings += catalogue.database.compactMap(\.source)
    readings += catalogue.extras.map(\.source)
    for reading in readings {
      #expect(reading.text.count > 5)
      // The guide itself bears no date.
      let isDated = reading.asOf.wholeMatch(of: /20\d\d(-\d\d(-\d\d)?)?/) != nil
      #expect(isDated || (id == "scaling-guide" && reading.asOf == "undated"), "\(reading)")
    }
    let web: [String] = catalogue.web.flatMap { [$0.id] + $0.aliases }
    let database: [String] = catalogue.database.flatMap { [$0.id] + $0.aliases }
    let names: [[String]] = [
      web, database, catalogue.cache.map(\.id), catalogue.workspace.map(\.id), catalogue.extras.map(\.id),
    ]
    for ids in names { #expect(Set(ids).count == ids.count, "\(ids)") }
  }

  @Test(
    "the guide's plans cost what its tables say",
    arguments: [
      ("free", "0", "0", 0.5), ("starter", "7", "7", 1), ("standard", "25", "20", 10),
    ])
  func guide(plan: String, web: String, database: String, storage: Double) throws {
    let guide = try #require(try Catalogue.bundled(Catalogue.scalingGuide))
    #expect(guide.web(plan)?.monthly == Money(web))
    #expect(guide.database(plan)?.monthly == Money(database))
    #expect(guide.database(plan)?.storageGigabytes == storage)
  }

  @Test(
    "Render's web plans as read on 2026-10-02, by both of their names",
    arguments: [
      ("free", "0", 0.1, 512), ("0.5c-512mb", "7", 0.5, 512), ("starter", "7", 0.5, 512), ("1c-2g", "25", 1, 2_048),
      ("standard", "25", 1, 2_048), ("2c-4g", "85", 2, 4_096), ("pro", "85", 2, 4_096), ("2c-8g", "135", 2, 8_192),
      ("2c-16g", "200", 2, 16_384), ("4c-8g", "175", 4, 8_192), ("pro plus", "175", 4, 8_192),
      ("4c-16g", "225", 4, 16_384), ("pro max", "225", 4, 16_384), ("4c-32g", "350", 4, 32_768),
      ("8c-16g", "300", 8, 16_384), ("8c-32g", "450", 8, 32_768), ("pro ultra", "450", 8, 32_768),
      ("8c-64g", "1000", 8, 65_536), ("12c-24g", "450", 12, 24_576), ("12c-48g", "800", 12, 49_152),
      ("12c-96g", "1500", 12, 98_304),
    ] as [(String, String, Double, Int)])
  func web(name: String, price: String, cpu: Double, memory: Int) throws {
    let plan = try #require(try Catalogue.bundled(Catalogue.render2026October)?.web(name))
    #expect(plan.monthly == Money(price))
    #expect(plan.cpu == cpu)
    #expect(plan.memoryMegabytes == memory)
  }

  @Test(
    "a database's disk is billed by the gigabyte",
    arguments: [
      ("free", 1, "0"), ("basic-256mb", 1, "6.30"), ("basic-256mb", 15, "10.50"), ("basic-1gb", 10, "22"),
      ("0.5c-1g", 10, "22"), ("pro-8gb", 100, "130"),
    ])
  func disk(plan: String, gigabytes: Int, price: String) throws {
    let render = try #require(try Catalogue.bundled(Catalogue.render2026October))
    #expect(render.database(plan)?.monthly(diskGigabytes: gigabytes) == Money(price))
  }

  @Test("the free database has 1 GB, 30 days and 14 more to save it, from a dated source")
  func freeDatabase() throws {
    let free = try #require(try Catalogue.bundled(Catalogue.render2026October)?.database("free"))
    #expect(free.storageGigabytes == 1)
    #expect(free.expiresAfterDays == 30)
    #expect(free.graceDays == 14)
    #expect(free.source?.asOf == "2026-09-20")
    #expect(free.monthly(diskGigabytes: 5) == nil)
  }

  @Test("what a free workspace includes")
  func hobby() throws {
    let hobby = try #require(try Catalogue.bundled(Catalogue.render2026October)?.workspace("hobby"))
    #expect(hobby.monthly == .zero)
    #expect(hobby.bandwidthGigabytes == 5)
    #expect(hobby.perFurtherGigabyte == Money("0.15"))
    #expect(hobby.pipelineMinutes == 500)
    #expect(hobby.services == 25)
  }

  @Test("every plan of the guide has a successor that is priced, with a disk that can be ordered")
  func successors() throws {
    let guide = try #require(try Catalogue.bundled(Catalogue.scalingGuide))
    let render = try #require(try Catalogue.bundled(Catalogue.render2026October))
    for plan in guide.web {
      let successor = try #require(render.successor(of: plan.id, in: guide.id, table: .web))
      #expect(render.web(successor.successor) != nil)
    }
    for plan in guide.database {
      let successor = try #require(render.successor(of: plan.id, in: guide.id, table: .database))
      #expect(render.database(successor.successor) != nil)
      if let disk = successor.diskGigabytes {
        #expect(disk == 1 || disk.isMultiple(of: 5))
        #expect(Double(disk) >= plan.storageGigabytes)
      }
    }
    for advice in guide.recommendations ?? [] {
      switch advice.table {
      case .web: #expect(guide.web(advice.plan) != nil)
      case .database: #expect(guide.database(advice.plan) != nil)
      case .frontEnd: #expect(guide.extra(advice.plan) != nil)
      }
    }
  }

  @Test("a catalogue written out reads back the same", arguments: Catalogue.bundledIDs)
  func roundTrip(id: String) throws {
    let catalogue = try #require(try Catalogue.bundled(id))
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let data = try encoder.encode(catalogue)
    #expect(try encoder.encode(try Catalogue.read(data)) == data)
  }

  @Test(
    "what no price list can say is refused with its field",
    arguments: [
      ("hours_per_month", [1e300, -1, 0, 800]), ("web.0.cpu", [1e300, -1, 0]), ("web.0.memory_mb", [1e300, -1, 0]),
      ("web.0.sleep.idle_s", [1e300, -1, 0]), ("web.0.sleep.pooled_hours_per_month", [1e300, -1]),
      ("web.0.sleep.platform_wake.value_s", [1e300, -1, 61]), ("web.0.sleep.platform_wake.lower_s", [1e300, -1]),
      ("web.0.sleep.platform_wake.upper_s", [1e300, -1]), ("database.0.storage_gb", [1e300, -1]),
      ("database.0.memory_mb", [1e300, -1]), ("database.0.expires_after_days", [1e300, -1, 0]),
      ("database.0.grace_days", [1e300, -1]), ("cache.0.memory_mb", [1e300, -1]),
      ("workspace.0.bandwidth_gb", [1e300, -1]), ("workspace.0.pipeline_minutes", [1e300, -1]),
      ("workspace.0.services", [1e300, -1]), ("workspace.0.custom_domains", [1e300, -1]),
      ("web.1.monthly", [1e300, -1, 7]), ("database.1.monthly", [-1]), ("cache.0.monthly", [1e300]),
      ("workspace.0.per_further_gb", [-1]), ("extras.0.price", [1e300]),
    ] as [(String, [Double])])
  func absurd(path: String, values: [Double]) throws {
    let shown = path.split(separator: ".").reduce("") {
      $0 + (Int($1) == nil ? ($0.isEmpty ? "\($1)" : ".\($1)") : "[\($1)]")
    }
    for value in values {
      let error = #expect(throws: CatalogueError.self) { try Catalogue.read(Self.changed(path, value)) }
      #expect(error?.description.contains(shown) == true, "\(value): \(error?.description ?? "")")
    }
  }

  @Test(
    "a price beyond what sums stay exact for is refused",
    arguments: [
      ("web.1.monthly", "999999999"), ("database.1.per_further_gb", "999999999"), ("cache.0.monthly", "1000001"),
      ("workspace.0.monthly", "999999999"), ("extras.0.price", "999999999"),
    ])
  func dear(path: String, price: String) throws {
    let error = #expect(throws: CatalogueError.self) { try Catalogue.read(Self.changed(path, price)) }
    #expect(error?.description.contains("expected $0 to $1") == true, "\(error?.description ?? "")")
  }

  /// A bundled catalogue with one value changed, whose path names members and, by number, elements.
  private static func changed(_ path: String, _ value: any Sendable) throws -> Data {
    let catalogue = try #require(try Catalogue.bundled(Catalogue.render2026October))
    return try ChangedJSON.setting(path, value, in: JSONEncoder().encode(catalogue))
  }
}
