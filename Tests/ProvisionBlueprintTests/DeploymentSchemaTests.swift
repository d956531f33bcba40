import Foundation
import TestSupport
import Testing

@testable import ProvisionBlueprint

/// `schemas/deployment.schema.json` and the reader judge alike, the schema by Python's jsonschema.
@Suite(.enabled(if: SchemaCorpus.python != nil, "needs python3 with PyPI jsonschema"))
struct DeploymentSchemaTests {
  private let schema = SchemaCorpus("deployment")

  private func isAccepted(_ document: Data) -> Bool {
    (try? DeploymentReader.read(text: String(decoding: document, as: UTF8.self), file: "d.json")) != nil
  }

  private static let full = """
    {"name": "small", "regions": ["oregon", "frankfurt"],
     "audience": {"place": "Jodhpur", "latitude": 26.5, "longitude": 73.1},
     "service": {"dockerfile": "./Dockerfile", "health_check": "/health",
                 "environment": {"HOST": "0.0.0.0", "WORKERS": 2, "DEBUG": false}, "prompted": ["API_TOKEN", "OTHER"]},
     "database": {"name": "store", "variable": "DATABASE_URL"}, "workspace": "pro",
     "plan_sets": {"free": {"web": "free", "database": "free", "blueprint": "../render.yaml"},
                   "paid": {"web": "starter", "database": "basic-256mb", "disk_gb": 5, "blueprint": "paid.yaml"}},
     "expected": {"egress_gb": 7.5, "keep_awake": true, "extras": {"vercel-hobby": 1}}}
    """

  private static let small = """
    {"name": "small", "regions": ["singapore"], "service": {"health_check": "/"},
     "plan_sets": {"free": {"web": "free", "blueprint": "render.yaml"}}}
    """

  @Test("a deployment with one part changed is judged alike by schema and reader")
  func mutations() throws {
    let extra: [(String, any Sendable)] = [
      ("a region", "ohio"), ("a plan", "basic-1gb"), ("a legacy plan", "standard"), ("ten", 10), ("seven", 7),
      ("an absolute path", "/render.yaml"), ("a line break", "a\nb"), ("capitals", "SMALL_1"),
    ]
    try schema.expectAlike(
      Data(Self.full.utf8), extra: extra, expecting: (documents: 600, refused: 400), decoder: isAccepted)
    try schema.expectAlike(
      Data(Self.small.utf8), extra: extra, expecting: (documents: 200, refused: 150), decoder: isAccepted)
  }
}
