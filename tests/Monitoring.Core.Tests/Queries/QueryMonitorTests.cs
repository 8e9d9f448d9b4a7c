using System.Diagnostics;
using Monitoring.Queries;
using Monitoring.Queries.Sql;
using Monitoring.Requests;
using Monitoring.TestSupport;
using Monitoring.Validation;

namespace Monitoring.Core.Tests.Queries;

public sealed class QueryMonitorTests
{
    private static readonly TimeSpan All = TimeSpan.Zero;

    [Fact]
    public void Nothing_is_zeros()
    {
        using var stage = new QueryStage();

        var summary = stage.Monitor.GetSummary();

        (summary.Window, summary.Count, summary.P95, summary.Average).Should().Be((TimeSpan.FromHours(1), 0, TimeSpan.Zero, TimeSpan.Zero));
        (summary.Statements.Count, summary.Repeated.Count).Should().Be((0, 0));
    }

    [Fact]
    public void All_queries_are_counted_and_the_slow_ones_are_listed()
    {
        using var stage = new QueryStage();
        stage.Record("SELECT * FROM orders WHERE id = 1", 150, rows: 1);
        stage.Record("SELECT * FROM orders WHERE id = 2", 50, rows: 2);
        stage.Record("SELECT * FROM orders WHERE id = 3", 400, QueryOutcome.Failed);
        stage.Record("SELECT now()", 5);
        stage.Record("SELECT now()", 5, QueryOutcome.Canceled);

        var summary = stage.Monitor.GetSummary();

        (summary.Count, summary.Failures, summary.Canceled, summary.Slow).Should().Be((5, 1, 1, 2));
        summary.TotalTime.TotalMilliseconds.Should().BeApproximately(610, 1);
        summary.Maximum.TotalMilliseconds.Should().BeApproximately(400, 1);
        var statement = summary.Statements.Should().ContainSingle().Which;
        statement.Text.Should().Be("SELECT * FROM orders WHERE id = ?");
        (statement.System, statement.Database, statement.Count, statement.Failures, statement.Slow, statement.Rows).Should().Be(("postgresql", "shop", 3, 1, 2, 3));
        (statement.TotalTime, statement.Average, statement.Worst, statement.Last).Should().Be((Milliseconds(600), Milliseconds(200), Milliseconds(400), Milliseconds(400)));
        (statement.P95, statement.LastAt).Should().Be((Milliseconds(400), stage.Time.GetUtcNow()));
        stage.Monitor.GetSummary(threshold: All).Statements.Select(listed => listed.Text).Should().Equal("SELECT * FROM orders WHERE id = ?", "SELECT now()");
        stage.Monitor.GetSummary(threshold: All, limit: 1).Statements.Should().ContainSingle();
        stage.Monitor.GetSummary(threshold: Milliseconds(401)).Statements.Should().BeEmpty();
    }

    [Fact]
    public void Rows_that_nobody_tells_are_unknown()
    {
        using var stage = new QueryStage();
        stage.Record("SELECT 1", 1);

        stage.Monitor.GetSummary(threshold: All).Statements.Should().ContainSingle().Which.Rows.Should().BeNull();
    }

    [Fact]
    public void What_is_over_is_forgotten()
    {
        using var stage = new QueryStage();
        stage.Record("SELECT * FROM orders", 150);
        stage.Time.Advance(TimeSpan.FromMinutes(20));
        stage.Record("SELECT * FROM orders", 250);

        stage.Monitor.GetSummary(TimeSpan.FromMinutes(5)).Statements.Should().ContainSingle().Which.Count.Should().Be(1);
        stage.Monitor.GetSummary(TimeSpan.FromMinutes(5)).Count.Should().Be(1);
        stage.Monitor.GetSummary().Statements.Should().ContainSingle().Which.Count.Should().Be(2);
        stage.Time.Advance(TimeSpan.FromHours(2));
        stage.Monitor.GetSummary().Statements.Should().BeEmpty();
    }

    [Fact]
    public void A_full_table_keeps_what_was_seen_last_and_counts_what_made_room()
    {
        using var stage = new QueryStage(static options => options.StatementCapacity = 2);
        Record("a");
        Record("b");
        Record("a");
        Record("c");

        var summary = stage.Monitor.GetSummary(threshold: All);

        summary.Statements.Select(statement => statement.Text).Should().BeEquivalentTo("SELECT a", "SELECT c");
        (summary.OverflowedStatements, summary.Count).Should().Be((1, 4));

        void Record(string column)
        {
            stage.Time.Advance(TimeSpan.FromSeconds(1));
            stage.Record($"SELECT {column}", 1);
        }
    }

    [Fact]
    public void Without_a_place_for_statements_queries_are_still_counted()
    {
        using var stage = new QueryStage(static options => options.StatementCapacity = 0);
        stage.Record("SELECT a", 500);

        (stage.Monitor.GetSummary().Count, stage.Monitor.GetSummary().Statements.Count).Should().Be((1, 0));
    }

    [Fact]
    public void A_statement_knows_the_endpoints_that_it_came_from()
    {
        using var stage = new QueryStage();
        for (var i = 0; i < StatementSlice.MostEndpoints + 2; i++)
        {
            InRequest($"GET /e{i}", activity => stage.Record("SELECT a", 10 * (i + 1), activity: activity));
        }

        stage.Record("SELECT a", 1);

        var statement = stage.Monitor.GetSummary(threshold: All).Statements.Should().ContainSingle().Which;
        statement.Count.Should().Be(7);
        statement.Endpoints.Should().Equal(
            new QueryEndpoint("OTHER", 2, Milliseconds(110)), new QueryEndpoint("GET /e3", 1, Milliseconds(40)), new QueryEndpoint("GET /e2", 1, Milliseconds(30)),
            new QueryEndpoint("GET /e1", 1, Milliseconds(20)), new QueryEndpoint("GET /e0", 1, Milliseconds(10)));
    }

    [Fact]
    public void A_statement_that_runs_again_and_again_in_a_request_is_listed_once_with_all_its_times()
    {
        using var stage = new QueryStage();
        var traceId = "";
        InRequest("GET /orders", activity =>
        {
            traceId = activity.TraceId.ToString();
            for (var i = 0; i < 20; i++)
            {
                stage.Record($"SELECT * FROM items WHERE id = {i}", 2, activity: activity);
            }

            stage.Record("SELECT * FROM orders", 2, activity: activity);
        });
        InRequest("GET /orders", activity =>
        {
            for (var i = 0; i < 9; i++)
            {
                stage.Record($"SELECT * FROM items WHERE id = {i}", 2, activity: activity);
            }
        });

        var repeated = stage.Monitor.GetSummary().Repeated.Should().ContainSingle().Which;
        (repeated.Text, repeated.Endpoint, repeated.Times, repeated.TraceId).Should().Be(("SELECT * FROM items WHERE id = ?", "GET /orders", 20, traceId));
        repeated.TotalTime.TotalMilliseconds.Should().BeApproximately(40, 0.1);
        stage.Monitor.RepeatedTotal.Should().Be(1);
    }

    [Fact]
    public void Repeated_statements_are_bounded_and_the_newest_stay()
    {
        using var stage = new QueryStage(static options => options.RepeatThreshold = 2);
        for (var request = 0; request < RepeatedQueries.Capacity + 5; request++)
        {
            InRequest($"GET /e{request}", activity =>
            {
                stage.Record("SELECT a", 1, activity: activity);
                stage.Record("SELECT a", 1, activity: activity);
            });
        }

        var repeated = stage.Monitor.GetSummary().Repeated;

        (repeated.Count, repeated[0].Endpoint, repeated[^1].Endpoint).Should().Be((RepeatedQueries.Capacity, "GET /e104", "GET /e5"));
        stage.Time.Advance(TimeSpan.FromHours(2));
        stage.Monitor.GetSummary().Repeated.Should().BeEmpty();
    }

    [Fact]
    public void Thresholds_are_taken_over_while_it_runs()
    {
        using var stage = new QueryStage();
        stage.Record("SELECT a", 50);

        stage.Monitor.Reload(new QueryOptions { SlowThreshold = Milliseconds(40) });
        stage.Record("SELECT a", 50);

        (stage.Monitor.GetSummary().Slow, stage.Monitor.GetSummary().Threshold).Should().Be((1, Milliseconds(40)));
        stage.Monitor.GetSummary().Statements.Should().ContainSingle();
    }

    [Fact]
    public async Task Threads_lose_no_query_and_never_exceed_the_table()
    {
        const int threads = 4;
        const int each = 5_000;
        using var stage = new QueryStage(static options => options.StatementCapacity = 10);
        var largest = 0;
        await Task.WhenAll(Enumerable.Range(0, threads).Select(thread => Task.Factory.StartNew(
            () =>
            {
                for (var i = 0; i < each; i++)
                {
                    stage.Record($"SELECT c{(char)('a' + i % 8)}{(i % 100 == 0 ? $", {new string('x', 1 + i / 100)}" : "")}", 1, i % 5 == 0 ? QueryOutcome.Failed : QueryOutcome.Succeeded);
                    if (i % 500 == 0)
                    {
                        InterlockedMaximum(ref largest, stage.Monitor.GetSummary(threshold: All).Statements.Count);
                    }
                }
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

        var summary = stage.Monitor.GetSummary(threshold: All);
        (summary.Count, summary.Failures).Should().Be((threads * each, threads * each / 5));
        largest.Should().BeInRange(1, 10);
        summary.Statements.Should().HaveCount(10);
        summary.OverflowedStatements.Should().BeGreaterThan(0);
        stage.Errors.Count.Should().Be(0);
    }

    [Fact]
    public void A_text_that_is_known_costs_no_allocation()
    {
        using var stage = new QueryStage();
        stage.Record("SELECT * FROM orders WHERE id = 5", 1);

        Allocations.Least(() =>
        {
            for (var i = 0; i < 100; i++)
            {
                stage.Record("SELECT * FROM orders WHERE id = 5", 1, rows: 1);
            }
        }).Should().Be(0);
    }

    [Fact]
    public void A_text_that_is_new_has_the_statement_that_is_known()
    {
        var cache = new StatementCache(static _ => null);
        var one = cache.Get("SELECT 1", SqlDialect.Standard);

        cache.Get("SELECT 1", SqlDialect.Standard).Should().BeSameAs(one);
        cache.Get("SELECT 1", SqlDialect.MySql).Should().NotBeSameAs(one);
        cache.Get("SELECT 2", SqlDialect.Standard).Should().Be(one);
        new StatementCache(_ => one).Get("SELECT 3", SqlDialect.Standard).Should().BeSameAs(one);
    }

    [Theory]
    [InlineData(nameof(QueryOptions.SlowThreshold), "00:00:00")]
    [InlineData(nameof(QueryOptions.StatementCapacity), "-1")]
    [InlineData(nameof(QueryOptions.RepeatThreshold), "1")]
    public void Options_out_of_range_are_refused(string key, string value)
    {
        var options = new QueryOptions();
        switch (key)
        {
            case nameof(QueryOptions.SlowThreshold):
                options.SlowThreshold = TimeSpan.Zero;
                break;
            case nameof(QueryOptions.StatementCapacity):
                options.StatementCapacity = -1;
                break;
            default:
                options.RepeatThreshold = 1;
                break;
        }

        var errors = new OptionsErrors("Monitoring:Queries");
        options.Validate(errors);

        errors.Messages.Should().ContainSingle().Which.Should().Contain($"Monitoring:Queries:{key} is {value}");
    }

    private static void InRequest(string name, Action<Activity> work)
    {
        using var activity = new Activity("request").Start();
        var state = OperationState.Begin(name, activity);
        work(activity);
        state.End(wantsPhases: false, out _);
    }

    private static void InterlockedMaximum(ref int target, int value)
    {
        for (var seen = Volatile.Read(ref target); value > seen;)
        {
            var before = Interlocked.CompareExchange(ref target, value, seen);
            if (before == seen)
            {
                return;
            }

            seen = before;
        }
    }

    private static TimeSpan Milliseconds(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
