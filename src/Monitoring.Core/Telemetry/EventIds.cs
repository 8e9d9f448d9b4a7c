namespace Monitoring.Telemetry;

/// <summary>Log event ids, in bands: 1000 monitor, 1100 Redis, 1200 circuits, 1300 queue, 1400 alerts, 1500 HTTP, 1620 slow operations.</summary>
public static class EventIds
{
    /// <summary>The monitor swallowed an error of its own.</summary>
    public const int InternalError = 1000;

    /// <summary>Changed settings are in effect.</summary>
    public const int OptionsReloaded = 1001;

    /// <summary>Changed settings cannot be used; the old ones stay.</summary>
    public const int OptionsRefused = 1002;

    /// <summary>The loaded StackExchange.Redis is newer than the compiled decorators.</summary>
    public const int RedisDynamicDecorator = 1100;

    /// <summary>The loaded StackExchange.Redis is newer than the compiled decorators, and there is no dynamic code.</summary>
    public const int RedisUnmonitored = 1101;

    /// <summary>The monitor has no connection of its own to a Redis, so its servers are not asked.</summary>
    public const int RedisDiagnosticsAbsent = 1110;

    /// <summary>The monitor's own connection to a Redis does not come about although the application's did.</summary>
    public const int RedisDiagnosticsUnconnected = 1111;

    /// <summary>A Redis server does not know, or refuses, something that the monitor asks it.</summary>
    public const int RedisServerItemRefused = 1112;

    /// <summary>A circuit opened after it had been closed.</summary>
    public const int CircuitOpened = 1200;

    /// <summary>A circuit let a probe through.</summary>
    public const int CircuitHalfOpened = 1201;

    /// <summary>A circuit closed.</summary>
    public const int CircuitClosed = 1202;

    /// <summary>A circuit was opened by hand until it is closed by hand.</summary>
    public const int CircuitIsolated = 1203;

    /// <summary>A probe failed; the circuit stays open for another break.</summary>
    public const int CircuitStaysOpen = 1204;

    /// <summary>An attempt at a task failed and another one follows.</summary>
    public const int TaskAttemptFailed = 1300;

    /// <summary>A task was given up.</summary>
    public const int TaskFailed = 1301;

    /// <summary>Accepted tasks were not done when the host stopped.</summary>
    public const int TasksUndone = 1302;

    /// <summary>All accepted tasks were done when the host stopped.</summary>
    public const int TaskQueueDrained = 1303;

    /// <summary>A task goes on long after its token was cancelled.</summary>
    public const int TaskStuck = 1320;

    /// <summary>A task that had been stuck has ended.</summary>
    public const int StuckTaskEnded = 1321;

    /// <summary>Tasks were given back to a queue that outlives the process when the host stopped.</summary>
    public const int TasksReturned = 1322;

    /// <summary>An attempt failed while the host stops, and the next one would come too late.</summary>
    public const int TaskAttemptFailedAtStop = 1323;

    /// <summary>A queue on Redis Streams had no consumer group, and has one now.</summary>
    public const int StreamGroupsMade = 1340;

    /// <summary>A queue on Redis Streams gave up a task that cannot be read or was delivered too often.</summary>
    public const int StreamTaskGivenUp = 1341;

    /// <summary>The streams of a queue have other consumer groups too.</summary>
    public const int StreamOtherGroup = 1342;

    /// <summary>Other processes were given tasks that run here.</summary>
    public const int StreamTasksTakenOver = 1343;

    /// <summary>The queues of another system cannot be read at the moment.</summary>
    public const int QueueProbeFailed = 1360;

    /// <summary>The queues of another system can be read again.</summary>
    public const int QueueProbeRecovered = 1361;

    /// <summary>Redis does not tell a figure of another system's queues.</summary>
    public const int QueueProbeItemRefused = 1362;

    /// <summary>There are more queues of another system than are watched.</summary>
    public const int QueueProbeQueuesLeftOut = 1363;

    /// <summary>An alert fires.</summary>
    public const int AlertFiring = 1400;

    /// <summary>An alert changed its severity.</summary>
    public const int AlertSeverityChanged = 1401;

    /// <summary>An alert is resolved.</summary>
    public const int AlertResolved = 1402;

    /// <summary>Somebody tests that the log is told of alerts.</summary>
    public const int AlertTest = 1440;

    /// <summary>A notice had more alerts than the log writes one by one.</summary>
    public const int AlertsLeftOut = 1441;

    /// <summary>Alerts came and went unheard, and were too many to be written one by one.</summary>
    public const int AlertDigest = 1442;

    /// <summary>A mail server took a notice, but not for all recipients.</summary>
    public const int EmailRecipientsRefused = 1443;

    /// <summary>An alert was resolved through the API.</summary>
    public const int AlertResolvedByHand = 1500;

    /// <summary>A task queue was paused, resumed or re-driven through the API.</summary>
    public const int TaskQueueChangedByHand = 1502;

    /// <summary>A task queue did not answer the API.</summary>
    public const int TaskQueueUnavailable = 1503;

    /// <summary>A request could not be judged by the queue's backpressure, and was admitted.</summary>
    public const int AdmissionFailed = 1504;

    /// <summary>The API refused a change to somebody who may not make it.</summary>
    public const int AdminRefused = 1501;

    /// <summary>An alert was acknowledged through the API.</summary>
    public const int AlertAcknowledgedByHand = 1520;

    /// <summary>A silence was added, changed or ended through the API.</summary>
    public const int SilenceChangedByHand = 1521;

    /// <summary>A test notice was sent through the API.</summary>
    public const int NotifierTestedByHand = 1522;

    /// <summary>A channel did not take a test notice.</summary>
    public const int NotifierTestFailed = 1523;

    /// <summary>A request was slow.</summary>
    public const int SlowRequest = 1620;

    /// <summary>A webhook was slow.</summary>
    public const int SlowWebhook = 1621;

    /// <summary>A Redis operation was slow.</summary>
    public const int SlowRedisOperation = 1622;

    /// <summary>A database query was slow.</summary>
    public const int SlowQuery = 1623;

    /// <summary>An attempt at a task was slow, or timed out.</summary>
    public const int SlowTask = 1624;

    /// <summary>The API could not answer a request because of an error of its own.</summary>
    public const int ApiFailed = 1530;

    /// <summary>A caller asked the API more often than it may.</summary>
    public const int ApiLimited = 1531;

    /// <summary>Settings were changed through the API.</summary>
    public const int SettingsChangedByHand = 1532;

    /// <summary>A circuit was opened or closed through the API.</summary>
    public const int CircuitChangedByHand = 1533;

    /// <summary>A page of another site asked the API for a change or a live connection.</summary>
    public const int CrossSiteRefused = 1540;

    /// <summary>What a page of the dashboard shows could not be put together.</summary>
    public const int LiveSnapshotFailed = 1541;

    /// <summary>A service that this one depends on fares better or worse.</summary>
    public const int ServiceStatusChanged = 1900;

    /// <summary>An attempt to bring a service back has ended.</summary>
    public const int ServiceRecoveryAttempted = 1901;

    /// <summary>There are too many services to watch one more.</summary>
    public const int ServiceLeftOut = 1902;
}
