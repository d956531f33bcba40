import Glibc

/// Runs one parse on a thread of its own: there are as many cooperative threads as cores, and a page of 5 MB made for it
/// takes up to 1 s (release build; a usual worksheet takes 0.8 ms). A thread costs some 50 µs, next to a fetch.
enum ParsingThread {
  private final class Job {
    let work: () -> Void
    init(_ work: @escaping () -> Void) { self.work = work }
  }

  static func run<Value: Sendable>(
    _ work: @escaping @Sendable () throws(ScrapeError) -> Value
  ) async throws(ScrapeError) -> Value {
    let result: Result<Value, ScrapeError> = await withCheckedContinuation { continuation in
      let job = Unmanaged.passRetained(Job { continuation.resume(returning: Result(catching: work)) })
      var thread = pthread_t()
      let failure = pthread_create(
        &thread, nil,
        { context in
          guard let context else { return nil }
          Unmanaged<Job>.fromOpaque(context).takeRetainedValue().work()
          return nil
        }, job.toOpaque())
      guard failure != 0 else {
        pthread_detach(thread)
        return
      }
      job.release()
      continuation.resume(
        returning: .failure(ScrapeError(.outOfBounds, "no thread to parse a page on (errno \(failure))")))
    }
    return try result.get()
  }
}
