import AppDomain
import Foundation

/// What somebody wishes, as it is kept until they confirm: JSON, with what they said alone.
extension SubscriberChange {
  private struct Kept: Codable {
    var lead: Int?
    /// Empty: of all.
    var doctors: [String]?
    /// Empty: of both tables.
    var category: String?
    var digest: Bool?
  }

  /// Nil where nothing is wished for.
  var kept: String? {
    var ids: [String]?
    if let doctors {
      ids = if case .chosen(let keys) = doctors { keys.sorted().map(\.id) } else { [] }
    }
    let kept = Kept(
      lead: lead, doctors: ids, category: category.map { $0?.rawValue ?? "" }, digest: wantsDigest)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard self != SubscriberChange(), let json = try? encoder.encode(kept) else { return nil }
    return String(decoding: json, as: UTF8.self)
  }

  /// Nil for what can't be read: then nothing is wished for.
  init?(kept text: String) {
    guard let kept = try? JSONDecoder().decode(Kept.self, from: Data(text.utf8)) else { return nil }
    self.init(
      lead: kept.lead.flatMap { DutyInterest.leads.contains($0) ? $0 : nil },
      doctors: kept.doctors.map { $0.isEmpty ? .all : .chosen(Set($0.compactMap(DoctorKey.init(id:)))) },
      category: kept.category.map(Duty.Category.init(rawValue:)), wantsDigest: kept.digest)
  }
}
