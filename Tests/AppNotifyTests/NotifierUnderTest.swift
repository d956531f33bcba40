import AppDomain
import AppNotify
import AppStore
import Channels
import Secrets
import Synchronization
import Telemetry
import TestSupport
import Testing
import Wording

/// A notifier over a real SQLite file, with a clock that stands still until it is set.
struct NotifierUnderTest {
  let store: SQLScheduleStore
  let channel: RecordingChannel
  let registry = MetricsRegistry()
  let clock: TestClock
  let notifier: Notifier

  /// 23 November 2026, 08:15 at the campus.
  static let morning = 1_795_401_900.0

  final class TestClock: Sendable {
    private let times = Mutex<(wall: Double, monotonic: Duration)>((morning, .zero))

    var now: Double { times.withLock { $0.wall } }
    var monotonic: Duration { times.withLock { $0.monotonic } }

    /// Both clocks go on.
    func advance(minutes: Double) {
      times.withLock {
        $0.wall += minutes * 60
        $0.monotonic += .seconds(minutes * 60)
      }
    }
  }

  init(
    in directory: String, channel: RecordingChannel = RecordingChannel(),
    channels: [NotificationChannel: any MessageChannel] = [:], leads: Bool = true, clock: TestClock = TestClock(),
    options: Notifier.Options = Notifier.Options()
  ) async throws {
    store = try await SQLScheduleStore(path: directory + "/test.sqlite")
    self.channel = channel
    self.clock = clock
    let tokens = SignedUnsubscribeTokens(secret: Redacted("0123456789abcdef"))
    let links = UnsubscribeLinks(base: "https://doctors.example.org", tokens: tokens)
    notifier = Notifier(
      store: store, channels: channels.isEmpty ? [.email: channel] : channels,
      writer: try MessageWriter(unsubscribe: links),
      term: { [store] in leads ? try await store.lead(as: "test", lease: .seconds(60)) : nil },
      options: options, metrics: NotifierMetrics(registry: registry), logger: silentLogger, now: { clock.now },
      random: { 0 },
      monotonic: { clock.monotonic }, wait: { clock.advance(minutes: $0.seconds / 60) })
  }

  func subscribe(_ names: String...) async throws {
    for name in names { _ = try await store.subscribe([NewAddress(.email, name + "@example.net")], at: 1) }
  }

  func schedule(_ duties: (name: String, timing: String)...) async throws {
    let date = try #require(CalendarDay(year: 2026, month: 11, day: 23))
    _ = try await store.replace(
      [
        ScheduleDay(
          date: date, sheet: date.dayMonthYear,
          duties: duties.map { Duty(category: .regular, name: $0.name, timing: $0.timing, room: "4") })
      ], at: 1)
  }

  func metric(_ name: String) -> String? {
    registry.render().split(separator: "\n").first { $0.hasPrefix(name + " ") }.map {
      String($0.dropFirst(name.count + 1))
    }
  }
}
