import Channels
import Synchronization

/// A channel that keeps what it is given and answers what it is told to.
final class RecordingChannel: MessageChannel {
  let timeout = Duration.seconds(30)
  private let state: Mutex<State>
  /// Called before each answer.
  private let onSend: @Sendable (ChannelMessage) async -> Void

  private struct State {
    var answer: @Sendable (ChannelMessage) -> ChannelError?
    var taken: [ChannelMessage] = []
    var refused = 0
  }

  private let provider: @Sendable (String) -> String

  init(
    provider: @escaping @Sendable (String) -> String = { _ in "" },
    onSend: @escaping @Sendable (ChannelMessage) async -> Void = { _ in },
    answer: @escaping @Sendable (ChannelMessage) -> ChannelError? = { _ in nil }
  ) {
    state = Mutex(State(answer: answer))
    self.onSend = onSend
    self.provider = provider
  }

  var taken: [ChannelMessage] { state.withLock { $0.taken } }
  var refused: Int { state.withLock { $0.refused } }

  func answer(_ answer: @escaping @Sendable (ChannelMessage) -> ChannelError?) {
    state.withLock { $0.answer = answer }
  }

  func provider(of address: String) -> String { provider(address) }

  func send(_ message: ChannelMessage) async throws(ChannelError) {
    await onSend(message)
    let error = state.withLock { state in
      let error = state.answer(message)
      if error == nil { state.taken.append(message) } else { state.refused += 1 }
      return error
    }
    if let error { throw error }
  }
}
