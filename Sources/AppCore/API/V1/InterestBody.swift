import AppDomain
import Foundation
import HTTPService

/// What a subscriber says of the duties that they want to be told of, key by key: `null` is a word too, and what is spelt
/// wrong must not be taken for what was not said.
struct InterestBody: Decodable {
  enum Key: String, CodingKey, CaseIterable {
    case leadMinutes = "lead_minutes"
    case doctors, category, digest, channels
  }

  private(set) var change = SubscriberChange()
  /// As they were written, for messages.
  private(set) var ids: [DoctorKey: String] = [:]

  /// - Parameters:
  ///   - others: keys that are read elsewhere.
  ///   - channels: whether it may be said which of their channels are used.
  /// - Throws: `HTTPProblem`, 422 with what was expected of which key.
  init(json bytes: [UInt8], besides others: Set<String> = [], channels: Bool) throws(HTTPProblem) {
    let body = try JSONObjectBody(bytes)
    let known = Key.allCases.map(\.rawValue).filter { channels || $0 != Key.channels.rawValue }
    for key in body.object.keys.sorted() where !known.contains(key) && !others.contains(key) {
      throw JSONObjectBody.problem(
        KnownParameters.shown(key), "only \((others.sorted() + known).joined(separator: ", ")) were expected")
    }
    do {
      self = try JSONDecoder().decode(Self.self, from: Data(bytes))
    } catch let problem as HTTPProblem {
      throw problem
    } catch {
      throw JSONObjectBody.problem("body", "a JSON object was expected")
    }
  }

  init(from decoder: any Decoder) throws {
    let object = try decoder.container(keyedBy: Key.self)
    func value<Value: Decodable>(_ key: Key, _ type: Value.Type, _ expected: String) throws -> Value? {
      guard object.contains(key) else { return nil }
      guard let value = try? object.decode(type, forKey: key) else { throw Self.problem(key, expected) }
      return value
    }
    let leads = "\(DutyInterest.leads.lowerBound) to \(DutyInterest.leads.upperBound) minutes were expected"
    change.lead = try value(.leadMinutes, Int.self, leads)
    if let lead = change.lead, !DutyInterest.leads.contains(lead) { throw Self.problem(.leadMinutes, leads) }
    change.wantsDigest = try value(.digest, Bool.self, "true or false was expected")
    if object.contains(.category) {
      let word = try value(.category, String?.self, Self.categories) ?? nil
      guard word == nil || Duty.Category(word: word ?? "") != nil else {
        throw Self.problem(.category, Self.categories)
      }
      change.category = .some(word.flatMap(Duty.Category.init(word:)))
    }
    if object.contains(.doctors) {
      let texts = try value(.doctors, [String]?.self, Self.doctors) ?? nil
      change.doctors = try texts.map { .chosen(try read($0)) } ?? .all
    }
    let channels = try value(.channels, [String: Bool].self, Self.channels) ?? [:]
    for (name, isUsed) in channels {
      guard let channel = NotificationChannel(rawValue: name) else { throw Self.problem(.channels, Self.channels) }
      change.channels[channel] = isUsed
    }
  }

  private mutating func read(_ texts: [String]) throws -> Set<DoctorKey> {
    guard (1...DoctorsFull.limit).contains(texts.count) else { throw Self.problem(.doctors, Self.doctors) }
    for text in texts {
      guard text.utf8.count <= 4 * DeviceBody.maximumName, let key = DoctorKey(id: text) else {
        throw Self.problem(.doctors, Self.doctors)
      }
      ids[key] = text
    }
    return Set(ids.keys)
  }

  private static let categories = "regular, visiting or null was expected"
  private static let doctors = "1 to \(DoctorsFull.limit) ids of /v1/doctors were expected, or null for all"
  private static let channels =
    "true or false by channel was expected, of \(NotificationChannel.allCases.map(\.rawValue).joined(separator: ", "))"

  private static func problem(_ key: Key, _ expected: String) -> HTTPProblem {
    JSONObjectBody.problem(key.rawValue, expected)
  }

  /// - Throws: `HTTPProblem`, 422 for a doctor whom the schedule has never had: nobody would ever be told of them.
  func check(among cells: [DoctorCell]) throws(HTTPProblem) {
    guard !ids.isEmpty else { return }
    let known = Set(cells.compactMap { DoctorKey(cell: $0.name) })
    for (key, text) in ids.sorted(by: { $0.key < $1.key }) where !known.contains(key) {
      throw Self.problem(.doctors, "\(KnownParameters.shown(text)) is no id of /v1/doctors")
    }
  }
}
