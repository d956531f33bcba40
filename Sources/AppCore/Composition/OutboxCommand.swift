import AppDomain
import AppStore
import ArgumentParser
import Terminal
import Wording

struct OutboxCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "outbox",
    abstract: "Shows what waits to be sent or could not be, tries it again, or drops it.",
    discussion: """
      Works on the database of DATABASE_URL, also while the service runs. Subscribers are shown by their number, never by an \
      address.

        outgrown app outbox list
        outgrown app outbox retry --all --channel email     after the mail server is put right
        outgrown app outbox drop 17 18
      """,
    subcommands: [OutboxListCommand.self, OutboxRetryCommand.self, OutboxDropCommand.self],
    defaultSubcommand: OutboxListCommand.self
  )
}

struct OutboxListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "Shows messages, those of the earliest duties first; sent ones only when they are asked for.")

  @OptionGroup var database: OutboxDatabase

  @Option(
    help: ArgumentHelp(
      "Only these: pending, leased, sent, dead, withdrawn. May be given more than once.", valueName: "state"))
  var state: [OutboxState] = []

  @OptionGroup var channel: OutboxChannel

  @Option(help: "At most so many, up to 10,000.")
  var limit = 50

  @Flag(help: "Print one line of JSON a message.")
  var json = false

  func validate() throws {
    guard (1...10_000).contains(limit) else { throw ValidationError("--limit: 1 to 10000 was expected") }
  }

  func run() async throws {
    let states = state.isEmpty ? Set(OutboxState.allCases).subtracting([.sent]) : Set(state)
    // One more than is shown tells whether there are more.
    let found = try await database.use {
      try await $0.entries(.all(states, channel.channel), limit: limit + 1)
    }
    let shown = found.prefix(limit)
    guard !json else {
      for entry in shown { print(OutboxText.json(entry)) }
      return
    }
    guard !shown.isEmpty else {
      print(state.isEmpty ? "nothing waits, and nothing was refused" : "none")
      return
    }
    print(OutboxText.table(shown, at: CampusClock.now()))
    if found.count > limit { print("  … and more: --limit shows up to 10,000") }
  }
}

struct OutboxRetryCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "retry", abstract: "Tries again at once what was refused or waits, as long as its duty has not ended.")

  @OptionGroup var database: OutboxDatabase
  @OptionGroup var which: OutboxMessages

  func run() async throws {
    try await which.change("due now", in: database, all: [.pending, .dead]) { store, choice, time in
      try await store.retry(choice, at: time)
    }
  }
}

struct OutboxDropCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "drop", abstract: "Takes care that what waits is never sent.")

  @OptionGroup var database: OutboxDatabase
  @OptionGroup var which: OutboxMessages

  func run() async throws {
    try await which.change("dropped", in: database, all: [.pending, .leased]) { store, choice, time in
      try await store.drop(choice, at: time)
    }
  }
}

struct OutboxDatabase: ParsableArguments {
  @Option(help: ArgumentHelp(stringLiteral: DatabaseOption.help))
  var database: String?

  func use<Result: Sendable>(_ body: @Sendable (any OutboxLedger) async throws -> Result) async throws -> Result {
    do {
      let store = try await DatabaseOption.location(database).open()
      let result: Result
      do {
        result = try await body(store)
      } catch {
        try? await store.close()
        throw error
      }
      try await store.close()
      return result
    } catch {
      throw StoreError.explaining(error) ?? error
    }
  }
}

struct OutboxChannel: ParsableArguments {
  @Option(help: "Only those of one channel: \(NotificationChannel.allCases.map(\.rawValue).joined(separator: ", ")).")
  var channel: NotificationChannel?
}

/// The messages that a command is to change.
struct OutboxMessages: ParsableArguments {
  @Argument(help: ArgumentHelp("Numbers, as `outbox list` shows them.", valueName: "number"))
  var numbers: [Int64] = []

  @Flag(help: "All that can be.")
  var all = false

  @OptionGroup var channel: OutboxChannel

  @Flag(help: "Print one line of JSON.")
  var json = false

  func validate() throws {
    guard all != !numbers.isEmpty else { throw ValidationError("either numbers or --all was expected") }
    guard all || channel.channel == nil else { throw ValidationError("--channel: goes with --all") }
    guard numbers.count <= 10_000 else { throw ValidationError("10,000 numbers at most were expected") }
  }

  /// - Throws: `CommandFailure` when a message that was named could not be changed.
  func change(
    _ what: String, in database: OutboxDatabase, all states: Set<OutboxState>,
    _ change: @Sendable (any OutboxLedger, OutboxChoice, Double) async throws -> [Int64]
  ) async throws {
    let time = CampusClock.now()
    let choice = all ? OutboxChoice.all(states, channel.channel) : .ids(numbers)
    let numbers = numbers
    let (changed, left) = try await database.use { store in
      let changed = try await change(store, choice, time)
      let rest = Set(numbers).subtracting(changed).sorted()
      let entries = try await store.entries(.ids(rest), limit: rest.count)
      let known = Dictionary(uniqueKeysWithValues: entries.map { ($0.id, $0) })
      return (changed, rest.map { ($0, known[$0]) })
    }
    let reasons = left.map { number, entry in
      (number, entry.map { OutboxText.standing($0, at: time) } ?? "there is no such message")
    }
    if json {
      print(OutboxText.json(changed: changed, as: what, left: reasons))
    } else {
      print("\(changed.count) \(changed.count == 1 ? "message" : "messages") \(what)")
    }
    guard !reasons.isEmpty else { return }
    let lines = reasons.map { "\($0.0): \($0.1)" }
    throw CommandFailure(.badData, (["not \(what):"] + lines).joined(separator: "\n  "))
  }
}

extension OutboxState: ExpressibleByArgument {}
extension NotificationChannel: ExpressibleByArgument {}
