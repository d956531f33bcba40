/// What hosts and pingers say of themselves, as far as it was read, with source and date. Re-read before it is relied on.
enum HostTerms {
  /// Of keeping a free service awake.
  static let keepingAwake =
    "Render's page on free services names no pings, neither for nor against, and means none of them for production "
    + "(render.com/docs/free, copies up to 2026-08-17; its terms of service were not read)"
  static let cronService =
    "cron-job.org is free, asks up to once a minute and gives up after 30 s, which a wake may outlast: the next one finds it "
    + "awake (cron-job.org/en/faq, read 2026-11-28)"
  static let gitHubActions =
    "GitHub's clock is best effort: of 12 due an hour 2 to 4 ran, and on four days it came 4 to 6.5 h late "
    + "(github.com/actions/runner/issues/877; a public report of 2026-09-19), and 60 days without a commit end it"
  static let platformCron = "Render has no free cron job: it is billed by its run time (render.com/pricing, 2026-10)"
}
