import Evidence
import Foundation

/// How values of one unit are told apart: shares by their difference, anything else by its logarithm's.
struct FigureScale {
  let isShare: Bool

  init(_ unit: Quantity.Unit) { isShare = unit == .ratio }

  /// - Parameters:
  ///   - unanswered: where what was never answered lies, `.infinity` among the values.
  ///   - nought: where nothing lies, which has no logarithm.
  func place(_ value: Double, unanswered: Double, nought: Double) -> Double {
    guard value.isFinite else { return unanswered }
    return isShare ? value : value > 0 ? log(value) : nought
  }

  /// Where figures of several runs lie, what was never answered, and nothing, farther than any logarithm.
  func places(_ values: [Double]) -> [Double] { values.map { place($0, unanswered: 1e6, nought: -1e6) } }

  /// How many of the places are far worse than the worst of others: twice as long, or five points more of a share.
  func outbreaks(of places: [Double], beyond others: [Double], isBetterHigher: Bool) -> Int {
    let far = isShare ? 0.05 : log(2)
    guard let lowest = others.min(), let highest = others.max() else { return 0 }
    return places.count { isBetterHigher ? $0 < lowest - far : $0 > highest + far }
  }

  /// A shift as people are told it: relative, or a difference of shares; within what evidence holds.
  func told(_ shift: Double) -> Double { isShare ? shift : min(expm1(shift), 1e15) }

  /// The least that counts, as it is told.
  func effect(_ rule: ComparisonReport.Rule) -> Double { isShare ? rule.shareEffect : rule.effect }

  func isLarge(_ shift: Double, _ rule: ComparisonReport.Rule) -> Bool { abs(told(shift)) >= effect(rule) }
}
