import CLinux
import Glibc
import Measures
import Synchronization

/// What a worker thread and the collector share.
///
/// Each worker counts into one of two banks of recorders. The collector asks for the next epoch; the worker, between
/// two turns of its loop, goes over to the other bank and publishes; from then on the collector alone reads and clears
/// the bank that was left. No lock, and no counter is ever written by two threads.
final class WorkerLink: @unchecked Sendable {
  // Unchecked because of the banks and the snapshot: handed over by the epochs' release and acquire.
  let requestedEpoch = Atomic<Int>(0)
  let publishedEpoch = Atomic<Int>(0)
  let shouldStop = Atomic<Bool>(false)
  let hasFinished = Atomic<Bool>(false)
  /// Written to wake the worker from its wait.
  let wakeDescriptor: Int32
  let stepCount: Int
  /// One for each parity of the published epoch, and the last for the end.
  private let snapshots: UnsafeMutablePointer<WorkerSnapshot>
  /// What the first failure of each kind looked like, by step.
  let samples: Mutex<[Int: [FailureKind: String]]> = Mutex([:])
  /// What was under way when the worker ended: its own until it has finished.
  var openAtEnd: [OpenRequest] = []
  /// Why the worker ended before its time.
  let defect: Mutex<String?> = Mutex(nil)
  private let banks: (UnsafeMutablePointer<StepRecorder>, UnsafeMutablePointer<StepRecorder>)

  init(steps: [StepPlan]) throws(EngineError) {
    wakeDescriptor = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))
    guard wakeDescriptor >= 0 else {
      throw EngineError(.system, "the kernel gives no event descriptor: \(String(cString: strerror(errno)))")
    }
    stepCount = steps.count
    snapshots = .allocate(capacity: 3)
    snapshots.initialize(repeating: WorkerSnapshot(), count: 3)
    func makeBank() -> UnsafeMutablePointer<StepRecorder> {
      let bank = UnsafeMutablePointer<StepRecorder>.allocate(capacity: max(steps.count * 2, 1))
      for (index, step) in (steps + steps).enumerated() {
        (bank + index).initialize(to: StepRecorder(checks: step.checks.count, captured: step.measuredCaptures))
      }
      return bank
    }
    banks = (makeBank(), makeBank())
  }

  deinit {
    for bank in [banks.0, banks.1] {
      bank.deinitialize(count: stepCount * 2)
      bank.deallocate()
    }
    snapshots.deallocate()
    close(wakeDescriptor)
  }

  /// The recorders of an epoch: the measured window's by step, then the warm-up's.
  func bank(_ epoch: Int) -> UnsafeMutablePointer<StepRecorder> { epoch & 1 == 0 ? banks.0 : banks.1 }

  /// The worker's side: hands over what belongs to `epoch`.
  func publish(_ snapshot: WorkerSnapshot, epoch: Int) {
    snapshots[epoch & 1] = snapshot
    publishedEpoch.store(epoch, ordering: .releasing)
  }

  /// The worker's side: the last word.
  func finish(_ snapshot: WorkerSnapshot) {
    snapshots[2] = snapshot
    hasFinished.store(true, ordering: .releasing)
  }

  /// The collector's side: what was published with an epoch.
  func snapshot(ofEpoch epoch: Int) -> WorkerSnapshot { snapshots[epoch & 1] }

  /// The collector's side: the newest snapshot that the worker won't write to any more.
  func latestSnapshot(collectedEpoch: Int) -> WorkerSnapshot {
    hasFinished.load(ordering: .acquiring) ? snapshots[2] : snapshot(ofEpoch: collectedEpoch)
  }

  func wake() {
    var one: UInt64 = 1
    _ = write(wakeDescriptor, &one, 8)
  }

  func keepSample(step: Int, kind: FailureKind, _ text: String) {
    samples.withLock { samples in
      if samples[step]?[kind] == nil { samples[step, default: [:]][kind] = text }
    }
  }
}

/// What a worker publishes besides its recorders.
struct WorkerSnapshot {
  var iterations = IterationCounts()
  var connections = ConnectionCounts()
  /// Virtual users, or iterations in flight.
  var active = 0
  /// Arrivals that are due and have no place.
  var waiting = 0
  var cpuNanoseconds: UInt64 = 0
  var resourceFailures: UInt64 = 0
  /// Of the monotonic clock: when the first byte of a response came; 0 before.
  var firstByte: UInt64 = 0
}
