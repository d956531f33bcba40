import BenchEngine

/// Begins a thread that nobody waits for, or says why there is none.
typealias ThreadStart = @Sendable (_ run: @escaping @Sendable () -> Void) throws(EngineError) -> Void
