using System.Diagnostics;
using Monitoring.Alerts;
using Monitoring.Requests;
using Monitoring.Telemetry;
using Monitoring.TestSupport;

namespace Monitoring.Core.Tests.Requests;

public sealed class RequestMonitorTests : IDisposable
{
    private readonly FakeClock _clock = new();
    private readonly PerformanceMonitor _created;
    private readonly IPerformanceMonitor _monitor;

    public RequestMonitorTests() => _monitor = _created = PerformanceMonitor.Create(
        new MonitoringOptions { Requests = { MaxEndpoints = 3, SlowCapacity = 2, TopCapacity = 2 } }, _clock);

    [Fact]
    public void An_empty_window_is_zeros()
    {
        var summary = _monitor.GetRequestSummary();

        summary.Window.Should().Be(TimeSpan.FromHours(1));
        summary.Should().BeEquivalentTo(new RequestSummary { Window = summary.Window, Unattributed = summary.Unattributed });
    }

    [Fact]
    public void Requests_are_counted_by_endpoint_and_method()
    {
        _clock.Advance(TimeSpan.FromSeconds(10));
        Record("/orders/{id}", "GET", 100, 200, hit: true);
        Record("/orders/{id}", "GET", 300, 404, hit: false);
        Record("/orders/{id}", "DELETE", 200, 503);
        Record("/orders/{id}", "GET", 200, 499);
        _monitor.RecordRequest(new RequestMetric("assess", TimeSpan.FromMilliseconds(50), Success: false));

        var summary = _monitor.GetRequestSummary(TimeSpan.FromMinutes(1));

        summary.Count.Should().Be(5);
        summary.Successes.Should().Be(3);
        summary.Failures.Should().Be(2);
        summary.SuccessRatePercent.Should().Be(60);
        summary.ErrorRateLastMinutePercent.Should().Be(40);
        summary.ErrorRateLast100Percent.Should().Be(40);
        summary.RequestsPerSecond.Should().BeApproximately(0.5, 1e-9, "the process is ten seconds old");
        summary.StatusClasses.Should().Be(new StatusClassCounts(0, 1, 0, 2, 1));
        summary.ClientAborts.Should().Be(1);
        summary.CacheHitRatePercent.Should().Be(50);
        summary.Maximum.Should().Be(TimeSpan.FromMilliseconds(300));
        summary.Endpoints.Select(endpoint => (endpoint.Name, endpoint.Count, endpoint.Failures, endpoint.SharePercent)).Should().Equal(
            ("GET /orders/{id}", 3, 0, 60), ("DELETE /orders/{id}", 1, 1, 20), ("assess", 1, 1, 20));
        var get = summary.Endpoints[0];
        (get.Endpoint, get.Method, get.CacheHits, get.CacheMisses, get.ClientAborts).Should().Be(("/orders/{id}", "GET", 1, 1, 1));
        summary.Endpoints[2].Method.Should().BeNull();
    }

    [Fact]
    public void The_last_hundred_are_remembered_when_the_minute_has_forgotten()
    {
        for (var i = 0; i < 150; i++)
        {
            Record("/a", "GET", 1, i >= 125 ? 500 : 200);
        }

        _clock.Advance(TimeSpan.FromMinutes(3));
        var summary = _monitor.GetRequestSummary();

        summary.ErrorRateLastMinutePercent.Should().Be(0);
        summary.ErrorRateLast100Percent.Should().Be(25);
        summary.Endpoints.Single().ErrorRateLast100Percent.Should().Be(25);
        summary.Failures.Should().Be(25);
    }

    [Theory]
    [InlineData("/d", "GET")]
    [InlineData("", "GET")]
    [InlineData(null, null)]
    [InlineData("a\nb", null)]
    public void What_finds_no_room_is_counted_as_other(string? endpoint, string? method)
    {
        Record("/a", "GET", 1, 200);
        Record("/b", "GET", 1, 200);
        Record("/c", "GET", 1, 200);
        _monitor.RecordRequest(new RequestMetric(endpoint!, TimeSpan.FromMilliseconds(1)) { Method = method });
        _monitor.RecordRequest(new RequestMetric(new string('x', 300), TimeSpan.FromMilliseconds(1)) { Method = "GET" });

        var summary = _monitor.GetRequestSummary();

        summary.Endpoints.Select(series => (series.Name, series.Count)).Should().BeEquivalentTo([("GET /a", 1L), ("GET /b", 1L), ("GET /c", 1L), ("OTHER", 2L)]);
        summary.OverflowedEndpoints.Should().Be(2);
    }

    [Fact]
    public void Users_are_shown_as_a_hash_and_the_busiest_come_first()
    {
        foreach (var user in new[] { "anna", "anna", "bert", "anna" })
        {
            _monitor.RecordRequest(new RequestMetric("/a", TimeSpan.FromMilliseconds(2), user != "bert") { UserId = user, TenantId = "acme" });
        }

        var summary = _monitor.GetRequestSummary();

        summary.TopUsers.Should().Equal(
            new RequestActivity { Id = _monitor.Requests.HashId("anna"), Count = 3, Time = TimeSpan.FromMilliseconds(6) },
            new RequestActivity { Id = _monitor.Requests.HashId("bert"), Count = 1, Failures = 1, Time = TimeSpan.FromMilliseconds(2) });
        summary.TopTenants.Should().ContainSingle().Which.Count.Should().Be(4);
        summary.TopUsers[0].Id.Should().MatchRegex("^[0-9a-f]{16}$");
        using var other = PerformanceMonitor.Create(timeProvider: _clock);
        other.Requests.HashId("anna").Should().NotBe(_monitor.Requests.HashId("anna"), "every process has a key of its own");
    }

    [Fact]
    public void Ids_are_kept_as_they_are_only_when_that_is_asked_for_and_at_once()
    {
        _created.Reload(new MonitoringOptions { Requests = { CaptureRawIds = true, SlowThreshold = TimeSpan.FromMilliseconds(10) } });

        _monitor.RecordRequest(new RequestMetric("/a", TimeSpan.FromMilliseconds(20)) { UserId = "anna", TenantId = "acme" });

        _monitor.GetRequestSummary().TopUsers.Single().Id.Should().Be("anna");
        _monitor.Requests.GetSlowRequests().Single().Should().Match<SlowRequest>(slow => slow.UserId == "anna" && slow.TenantId == "acme");
    }

    [Fact]
    public void The_busiest_are_found_among_many_with_a_bounded_error_and_forgotten_after_an_hour()
    {
        for (var i = 0; i < 100; i++)
        {
            User("often");
            User($"seldom {i}");
        }

        var top = _monitor.GetRequestSummary().TopUsers;
        top.Should().HaveCount(2);
        top.Should().Contain(user => user.Id == _monitor.Requests.HashId("often") && user.Count >= 100 && user.Count * (1 - (user.ErrorPercent / 100)) <= 100.5);

        _clock.Advance(TimeSpan.FromMinutes(10));
        User("often");
        _monitor.GetRequestSummary().TopUsers[0].Should().Match<RequestActivity>(user => user.Count >= 101);
        _monitor.GetRequestSummary(TimeSpan.FromMinutes(1)).TopUsers[0].Count.Should().Be(1);

        _clock.Advance(TimeSpan.FromMinutes(70));
        _monitor.GetRequestSummary().TopUsers.Should().BeEmpty();

        void User(string id) => _monitor.RecordRequest(new RequestMetric("/a", TimeSpan.FromMilliseconds(1)) { UserId = id });
    }

    [Fact]
    public void Slow_requests_are_kept_newest_first_with_what_they_spent_their_time_on()
    {
        for (var i = 1; i <= 3; i++)
        {
            using var operation = _monitor.BeginOperation($"job {i}");
            OperationScope.Find(Activity.Current)!.Value.AddRedis(Stopwatch.Frequency / 10, commands: 4);
            OperationScope.Find(Activity.Current)!.Value.AddQuery(1, Stopwatch.Frequency / 5);
            OperationScope.Find(Activity.Current)!.Value.AddPhase("load", Stopwatch.Frequency);
            _clock.Advance(TimeSpan.FromSeconds(i));
        }

        var slow = _monitor.Requests.GetSlowRequests();

        slow.Select(request => request.Endpoint).Should().Equal("job 3", "job 2");
        slow[0].Duration.Should().Be(TimeSpan.FromSeconds(3));
        slow[0].StartedAt.Should().Be(_clock.GetUtcNow() - TimeSpan.FromSeconds(3));
        (slow[0].RedisTime, slow[0].RedisCommands, slow[0].QueryTime, slow[0].Queries).Should().Be((TimeSpan.FromMilliseconds(100), 4, TimeSpan.FromMilliseconds(200), 1));
        slow[0].Phases.Should().Equal(new RequestPhase("load", TimeSpan.FromSeconds(1), 1));
        slow[0].TraceId.Should().MatchRegex("^[0-9a-f]{32}$");
        _monitor.Requests.GetSlowRequests(TimeSpan.FromSeconds(3)).Should().ContainSingle();
        _monitor.Requests.GetSlowRequests(limit: 1).Should().ContainSingle();
    }

    [Fact]
    public void An_operation_has_an_activity_of_its_own_and_gives_back_the_one_before()
    {
        using var outside = new Activity("outside").Start();
        var operation = _monitor.BeginOperation("assess");
        var own = Activity.Current;

        own.Should().NotBe(outside);
        own!.Parent.Should().Be(outside);
        _monitor.GetRequestSummary().InFlight.Should().Be(1);
        operation.Dispose();
        operation.Dispose();

        Activity.Current.Should().Be(outside);
        var summary = _monitor.GetRequestSummary();
        (summary.Count, summary.InFlight, summary.Failures).Should().Be((1, 0, 0));
    }

    [Fact]
    public async Task An_operation_that_fails_is_counted_across_awaits_and_its_branches_are_attributed_to_it()
    {
        await using (var operation = _monitor.BeginOperation("assess"))
        {
            await Task.WhenAll(Enumerable.Range(0, 10).Select(async _ =>
            {
                await Task.Yield();
                OperationScope.Find(Activity.Current)!.Value.AddRedis(10);
                using var phase = _monitor.Requests.Measure("branch");
            }));
            operation.Fail();
            operation.CacheHit = true;
            OperationScope.Find(Activity.Current)!.Value.Name.Should().Be("assess");
            _clock.Advance(TimeSpan.FromSeconds(2));
        }

        var slow = _monitor.Requests.GetSlowRequests().Single();
        (slow.RedisCommands, slow.Phases.Single().Name, slow.Phases.Single().Count).Should().Be((10, "branch", 10));
        var endpoint = _monitor.GetRequestSummary().Endpoints.Single();
        (endpoint.Endpoint, endpoint.Failures, endpoint.CacheHits).Should().Be(("assess", 1, 1));
    }

    [Fact]
    public void A_measurement_outside_of_an_operation_or_after_it_does_no_harm()
    {
        _monitor.Requests.Measure("nowhere").Dispose();
        var operation = _monitor.BeginOperation("assess");
        var phase = operation.Measure("late");
        operation.Dispose();
        phase.Dispose();
        operation.Measure("later").Dispose();

        _monitor.GetRequestSummary().Count.Should().Be(1);
    }

    [Fact]
    public void Recording_allocates_nothing()
    {
        Record("/orders/{id}", "GET", 1, 200, user: "anna");
        using var activity = new Activity("request").Start();

        var allocated = Allocations.Least(() =>
        {
            for (var i = 0; i < 1_000; i++)
            {
                Record("/orders/{id}", "GET", 1, 200, hit: true, user: "anna");
                var ticket = _monitor.Requests.Begin("/orders/{id}", "GET", activity);
                _monitor.Requests.End(in ticket, new RequestMetric("/orders/{id}", default) { Method = "GET", StatusCode = 200 }, activity);
            }
        });

        allocated.Should().Be(0);
    }

    [Fact]
    public void No_request_is_lost_while_many_threads_record_and_read()
    {
        const int Threads = 4;
        const int Each = 50_000;
        using var done = new CancellationTokenSource();
        var inconsistent = 0;
        var writers = Start(Threads, thread =>
        {
            for (var i = 0; i < Each; i++)
            {
                var ticket = _monitor.Requests.Begin("/a", "GET", null);
                _monitor.Requests.End(in ticket, new RequestMetric("/a", default, i % 2 == 0) { Method = "GET", StatusCode = 200, UserId = "u" }, null);
            }
        });
        var reader = Start(1, _ =>
        {
            while (!done.IsCancellationRequested)
            {
                var summary = _monitor.GetRequestSummary();
                if (summary.InFlight is < 0 or > Threads || summary.SuccessRatePercent is < 0 or > 100 || summary.Failures > summary.Count)
                {
                    Interlocked.Increment(ref inconsistent);
                }
            }
        });

        writers.ForEach(thread => thread.Join());
        done.Cancel();
        reader.ForEach(thread => thread.Join());

        var whole = _monitor.GetRequestSummary();
        (whole.Count, whole.Failures, whole.InFlight, whole.StatusClasses.Status2xx).Should().Be((Threads * Each, Threads * Each / 2, 0, Threads * Each));
        whole.TopUsers.Single().Count.Should().Be(Threads * Each);
        inconsistent.Should().Be(0);
    }

    [Fact]
    public void An_endpoint_that_turns_slow_and_failing_requests_fire_with_where_to_look()
    {
        for (var i = 0; i < 30; i++)
        {
            Record("/orders/{id}", "GET", 1500, i < 3 ? 500 : 200);
            Record("/bad", "GET", 1, 400);
        }

        _clock.Advance(TimeSpan.FromSeconds(2));

        var alerts = _monitor.GetActiveAlerts();
        var latency = alerts.Single(alert => alert.Rule == MetricNames.RequestLatency);
        (latency.Severity, latency.Category, latency.Instance).Should().Be((AlertSeverity.Warning, AlertCategory.Request, "GET /orders/{id}"));
        latency.Message.Should().Contain("1.5 s");
        latency.Context.Should().ContainKey("lastSlowRedis");
        var errors = alerts.Single(alert => alert.Rule == MetricNames.RequestErrorRate);
        errors.Severity.Should().Be(AlertSeverity.Warning, "3 of 60 failed: what the caller did wrong is no failure");
        errors.Context["failingEndpoints"].Should().Be("GET /orders/{id}: 3 of 30");
    }

    [Fact]
    public void An_open_circuit_of_redis_explains_slow_and_failing_requests()
    {
        _monitor.CircuitBreakers.GetOrAdd("redis", static _ => true, dependency: "redis").Isolate();
        for (var i = 0; i < 30; i++)
        {
            Record("/orders/{id}", "GET", 5000, 500);
        }

        _clock.Advance(TimeSpan.FromSeconds(2));

        var alerts = _monitor.GetActiveAlerts();
        alerts.Single(alert => alert.Rule == MetricNames.CircuitState).Suppression.Should().BeNull();
        foreach (var rule in new[] { MetricNames.RequestLatency, MetricNames.RequestErrorRate })
        {
            alerts.Single(alert => alert.Rule == rule).Suppression!.Reason.Should().Be(AlertSuppressionReason.Inhibition);
        }
    }

    public void Dispose() => _created.Dispose();

    private static List<Thread> Start(int count, Action<int> work)
    {
        var threads = Enumerable.Range(0, count).Select(index => new Thread(() => work(index))).ToList();
        threads.ForEach(thread => thread.Start());
        return threads;
    }

    private void Record(string endpoint, string method, int milliseconds, int status, bool? hit = null, string? user = null) =>
        _monitor.RecordRequest(new RequestMetric(endpoint, TimeSpan.FromMilliseconds(milliseconds)) { Method = method, StatusCode = status, CacheHit = hit, UserId = user });
}
