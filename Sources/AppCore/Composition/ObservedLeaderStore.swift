import AppAPI
import AppDomain

/// The leader's row, which is written every few seconds: whether the store still takes anything shows there first.
struct ObservedLeaderStore: LeaderStore {
  let store: any LeaderStore
  let health: StoreHealth

  func lead(as holder: String, lease: Duration) async throws -> LeaderTerm? {
    do {
      let term = try await store.lead(as: holder, lease: lease)
      health.wrote()
      return term
    } catch {
      health.failed(error)
      throw error
    }
  }

  func leader() async throws -> LeaderTerm? { try await store.leader() }
  func resign(_ term: LeaderTerm) async throws { try await store.resign(term) }
}
