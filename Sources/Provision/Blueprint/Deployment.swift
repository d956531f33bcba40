/// What is to be deployed: `deploy/deployment.yaml`, read and valid. `docs/blueprint.md` describes the format.
package struct Deployment: Sendable, Equatable {
  /// As messages and the blueprint's head call it.
  package var file: String
  package var name: String
  /// The first is home: the database lives there.
  package var regions: [RenderRegion]
  package var audience: Audience?
  package var service: Service
  package var database: Database?
  package var workspace: String
  /// In the order of the file.
  package var planSets: [PlanSet]
  package var expected: Expected

  /// Who uses it, from where.
  package struct Audience: Sendable, Equatable {
    package var place: String
    package var location: Location
  }

  /// The web service that runs in every region.
  package struct Service: Sendable, Equatable {
    package var dockerfile: String
    package var healthCheck: String
    /// Values in plain, in the order of the file.
    package var environment: [Variable]
    /// Variables that the dashboard asks for when the blueprint is first applied.
    package var prompted: [String]
  }

  package struct Variable: Sendable, Equatable {
    package var key: String
    package var value: String
    /// The author wrote a number, not a text.
    package var isNumber: Bool
  }

  package struct Database: Sendable, Equatable {
    package var name: String
    /// The environment variable that carries its URL.
    package var variable: String
  }

  /// Which plans the blueprint asks for, and the file that it is kept in.
  package struct PlanSet: Sendable, Equatable {
    package var name: String
    package var web: String
    /// Nil without a database.
    package var database: String?
    package var diskGigabytes: Int?
    /// Relative to the deployment's file.
    package var blueprint: String
  }

  /// A month, as its owner expects it; for prices only.
  package struct Expected: Sendable, Equatable {
    /// Nil when nothing is said.
    package var egressGigabytes: Double?
    /// Free services are kept awake by pings.
    package var keepAwake: Bool
    /// Catalogue id and how many, in the order of the file.
    package var extras: [Extra]

    package struct Extra: Sendable, Equatable {
      package var id: String
      package var quantity: Double
    }
  }

  package var home: RenderRegion { regions.first ?? .oregon }

  /// `<name>-<region>`: service names are unique in a workspace.
  package func serviceName(in region: RenderRegion) -> String { "\(name)-\(region.rawValue)" }

  package func planSet(_ name: String) -> PlanSet? { planSets.first { $0.name == name } }
}
