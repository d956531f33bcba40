package import Plans
import Wording

/// Prices single things by one catalogue.
package struct Pricer: Sendable {
  package var catalogue: Catalogue
  /// Which plans took the place of this catalogue's: a later plan is priced as the one that it replaced.
  var replaced: [Successor]

  package init(_ catalogue: Catalogue, replaced: [Successor] = []) {
    self.catalogue = catalogue
    self.replaced = replaced.filter { $0.of == catalogue.id }
  }

  /// - Parameter kind: goes before the plan's name where the item doesn't say what it is.
  /// - Throws: `CostError` code `.unknownPlan`.
  func web(_ id: String, for item: String, kind: String? = nil) throws(CostError) -> CostLine {
    let earlier = replaced.first { $0.table == .web && $0.successor == id }?.plan
    guard let plan = catalogue.web(earlier ?? id) else {
      throw unknown("web plan", id, catalogue.web.map(\.id), .unknownPlan)
    }
    return CostLine(
      item: item, what: Self.joined(kind, plan.name), amount: plan.monthly, source: catalogue.source, note: plan.note)
  }

  /// - Parameter diskGigabytes: nil for what the plan gives a new database.
  /// - Throws: `CostError` code `.unknownPlan`, or `.unpriced` for a disk that has no price.
  func database(
    _ id: String, diskGigabytes: Int?, for item: String, kind: String? = nil
  ) throws(CostError) -> CostLine {
    let earlier = replaced.first { $0.table == .database && $0.successor == id }?.plan
    guard let plan = catalogue.database(earlier ?? id) else {
      throw unknown("database plan", id, catalogue.database.map(\.id), .unknownPlan)
    }
    let disk = diskGigabytes ?? plan.defaultDiskGigabytes
    guard let disk, plan.storageGigabytes < Double(disk) else {
      guard plan.perFurtherGigabyte == nil || disk != nil else {
        throw CostError(
          code: .unpriced,
          message: "the disk that \(id) gives a new database isn't known: state its size (disk_gb) to have it priced")
      }
      return CostLine(
        item: item, what: Self.joined(kind, plan.name), amount: plan.monthly, source: plan.source ?? catalogue.source,
        note: plan.note)
    }
    guard let amount = plan.monthly(diskGigabytes: disk), let perGigabyte = plan.perFurtherGigabyte else {
      throw CostError(
        code: .unpriced,
        message: "\(catalogue.id) has no price for \(disk) GB on \(id), whose storage is fixed at "
          + "\(plan.storageGigabytes.formatted()) GB")
    }
    let unasked = diskGigabytes == nil ? "\(disk) GB unless disk_gb says less" : nil
    return CostLine(
      item: item, what: Self.joined(kind, plan.name) + ", \(disk) GB at \(perGigabyte)", amount: amount,
      source: plan.source ?? catalogue.source, note: [plan.note, unasked].compactMap { $0 }.first)
  }

  /// - Throws: `CostError` code `.unknownExtra`.
  func extra(_ id: String, _ quantity: BilledQuantity, for item: String) throws(CostError) -> CostLine {
    guard let extra = catalogue.extra(id) else {
      throw unknown("extra", id, catalogue.extras.map(\.id), .unknownExtra)
    }
    guard let amount = extra.price.times(quantity) else {
      throw CostError(code: .unpriced, message: "\(quantity.text) of \(id) is beyond what money is counted in here")
    }
    let isOneMonth = extra.unit.hasSuffix("month") && quantity == BilledQuantity(1)
    return CostLine(
      item: item, what: isOneMonth ? extra.name : "\(extra.name), \(quantity.text) × \(extra.price)",
      amount: amount, source: extra.source, note: extra.note)
  }

  private static func joined(_ kind: String?, _ name: String) -> String { kind.map { "\($0) \(name)" } ?? name }

  private func unknown(_ kind: String, _ id: String, _ known: [String], _ code: CostError.Code) -> CostError {
    let near = Spelling.closest(to: id, among: known).map { "'\($0)'" } ?? Spelling.alternatives(known)
    return CostError(
      code: code,
      message: known.isEmpty
        ? "\(catalogue.id) has no price for any \(kind)"
        : "\(catalogue.id) has no dated price for the \(kind) '\(id)', expected \(near)")
  }
}

extension Double {
  /// Without a needless `.0`.
  func formatted() -> String { Int(exactly: self).map(String.init) ?? "\(self)" }
}
