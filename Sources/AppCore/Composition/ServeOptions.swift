import ArgumentParser

/// What can be said to `app serve` on the command line as well as by settings.
struct ServeOptions: ParsableArguments {
  @Option(help: "The schedule's web page. (env SCHEDULE_URL; default: the health centre's)")
  var source: String?

  @Option(help: ArgumentHelp(stringLiteral: DatabaseOption.help))
  var database: String?

  @Option(help: "The address to listen on. (env HOST; default: 127.0.0.1)")
  var host: String?

  @Option(help: "The port to listen on, 0 for any free one. (env PORT; default: 8000)")
  var port: String?

  /// The settings of this process, and these over them.
  /// - Throws: `ConfigurationError`.
  func settings() throws(ConfigurationError) -> Settings {
    var settings = try Settings.current()
    settings.set("SCHEDULE_URL", source, option: "--source")
    settings.set("DATABASE_URL", database, option: "--database")
    settings.set("HOST", host, option: "--host")
    settings.set("PORT", port, option: "--port")
    return settings
  }
}
