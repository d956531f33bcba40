import AppDomain
import HTTPService
import Hummingbird
import Mustache
import NIOCore

/// Where people change what they are told of, without a script. What comes from the schedule is text.
struct SubscriptionPage: Sendable {
  /// Of a schedule's doctors.
  private static let mostDoctors = 500
  private static let longestName = 200

  private let template: MustacheTemplate

  init() throws {
    template = try MustacheTemplate(
      string: String(decoding: PackageResources.subscription_html_mustache, as: UTF8.self))
  }

  /// - Parameters:
  ///   - doctors: who can be chosen; those who are chosen already and aren't there any more can only be taken away.
  ///   - said: what was done.
  func response(
    _ profile: SubscriberProfile, doctors: [Doctor], at path: String, said: StaticString? = nil
  ) -> Response {
    var chosen: Set<DoctorKey> = []
    if case .chosen(let keys) = profile.interest.doctors { chosen = keys }
    let known = doctors.prefix(Self.mostDoctors).map { (key: $0.key, name: $0.name) }
    let gone = chosen.subtracting(known.map(\.key)).sorted().map { (key: $0, name: $0.id) }
    let category = profile.interest.category
    var context: [String: Any] = [
      "channels": profile.addresses.map {
        ["name": $0.channel.rawValue, "title": Self.title($0), "isUsed": $0.state == .active] as [String: Any]
      },
      "lead": profile.interest.lead, "least": DutyInterest.leads.lowerBound, "most": DutyInterest.leads.upperBound,
      "digest": profile.interest.wantsDigest, "isAll": profile.interest.doctors == .all,
      "categories": [
        ["word": "", "title": "Both tables", "isChosen": category == nil] as [String: Any],
        ["word": Duty.Category.regular.word, "title": "Regular doctors", "isChosen": category == .regular],
        ["word": Duty.Category.visiting.word, "title": "Visiting specialists", "isChosen": category == .visiting],
      ],
      "doctors": (known + gone).map {
        [
          "id": $0.key.id, "name": String($0.name.unicodeScalars.prefix(Self.longestName)),
          "isChosen": chosen.contains($0.key),
        ] as [String: Any]
      },
      "export": "/v1/subscriptions/\(path)/export",
    ]
    context["said"] = said.map { "\($0)" }
    return LinkPage.response(html: template.render(context))
  }

  private static func title(_ address: SubscriberProfile.Address) -> String {
    switch address.channel {
    case .email: "by mail to \(EmailAddress.masked(address.address))"
    case .webPush: "in this browser or the one that subscribed"
    case .fcm: "on the phone"
    }
  }

  /// What the form says; nil for what the page can't have sent.
  static func change(_ pairs: [(name: String, value: String)], of profile: SubscriberProfile) -> SubscriberChange? {
    func values(_ name: String) -> [String] { pairs.filter { $0.name == name }.map(\.value) }
    guard let lead = values("lead_minutes").last.flatMap({ Int($0) }), DutyInterest.leads.contains(lead),
      let word = values("category").last, word.isEmpty || Duty.Category(word: word) != nil
    else { return nil }
    let keys = Set(values("doctor").compactMap { DoctorKey(id: $0) })
    let isAll = values("whom").last != "chosen"
    guard isAll || (1...DoctorsFull.limit).contains(keys.count) else { return nil }
    let used = Set(values("channel"))
    return SubscriberChange(
      lead: lead, doctors: isAll ? .all : .chosen(keys), category: .some(Duty.Category(word: word)),
      wantsDigest: values("digest").last == "yes",
      channels: Dictionary(profile.addresses.map { ($0.channel, used.contains($0.channel.rawValue)) }) { first, _ in
        first
      })
  }
}
