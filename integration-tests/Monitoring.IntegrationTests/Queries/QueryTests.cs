using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Monitoring.Queries;
using Npgsql;

namespace Monitoring.IntegrationTests.Queries;

/// <summary>The real Npgsql, and EF Core on it, on a real PostgreSQL. Alone, for a monitor hears the queries of the whole process.</summary>
[Collection(nameof(Alone))]
public sealed class QueryTests(PostgreSqlFixture postgreSql) : IClassFixture<PostgreSqlFixture>
{
    private const string Secret = "Zq7Secret";
    private static readonly TimeSpan All = TimeSpan.Zero;

    [Fact]
    public async Task A_slow_query_is_listed_with_its_text_but_never_with_a_value()
    {
        await using var monitor = PerformanceMonitor.Create();

        await ExecuteAsync($"SELECT pg_sleep(0.2), 'inline {Secret}', @note::text", ("note", Secret));
        await ExecuteAsync("SELECT 1, 'quick'");

        var summary = monitor.Queries.GetSummary();
        var statement = summary.Statements.Should().ContainSingle().Which;
        statement.Text.Should().Be("SELECT pg_sleep(?), ?, @note::text");
        (statement.System, statement.Database, statement.Count, statement.Slow, statement.Failures).Should().Be(("postgresql", "postgres", 1, 1, 0));
        statement.Worst.Should().BeGreaterThanOrEqualTo(TimeSpan.FromMilliseconds(200));
        summary.Count.Should().Be(2);
        JsonSerializer.Serialize(monitor.Queries.GetSummary(threshold: All)).Should().NotContain(Secret);
    }

    [Fact]
    public async Task Lists_of_any_length_are_one_statement()
    {
        await using var monitor = PerformanceMonitor.Create();

        foreach (var length in new[] { 1, 3, 2000 })
        {
            await ExecuteAsync($"SELECT name FROM items WHERE id IN ({string.Join(", ", Enumerable.Range(1, length))})");
            await ExecuteAsync(
                $"SELECT name FROM items WHERE id IN ({string.Join(',', Enumerable.Range(1, length).Select(static n => $"@id{n}"))})",
                [.. Enumerable.Range(1, length).Select(static n => ($"id{n}", (object)n))]);
        }

        var statement = monitor.Queries.GetSummary(threshold: All).Statements.Should().ContainSingle().Which;
        (statement.Text, statement.Count).Should().Be(("SELECT name FROM items WHERE id IN (?)", 6));
    }

    [Fact]
    public async Task Failures_and_callers_that_give_up_are_told_apart()
    {
        await using var monitor = PerformanceMonitor.Create();

        await FluentActions.Awaiting(() => ExecuteAsync($"SELECT '{Secret}' FROM missing")).Should().ThrowAsync<PostgresException>();
        await using (var connection = await postgreSql.Source.OpenConnectionAsync())
        {
            await using var command = new NpgsqlCommand("SELECT pg_sleep(60)", connection);
            using var giveUp = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
            await FluentActions.Awaiting(() => command.ExecuteNonQueryAsync(giveUp.Token)).Should().ThrowAsync<OperationCanceledException>();
            await using var late = new NpgsqlCommand("SELECT pg_sleep(30), now()", connection) { CommandTimeout = 1 };
            await FluentActions.Awaiting(() => late.ExecuteNonQueryAsync()).Should().ThrowAsync<NpgsqlException>();
        }

        var summary = monitor.Queries.GetSummary(threshold: All);
        (summary.Count, summary.Failures, summary.Canceled).Should().Be((3, 2, 1));
        summary.Statements.Select(statement => (statement.Text, statement.Failures)).Should().BeEquivalentTo(
            [("SELECT ? FROM missing", 1L), ("SELECT pg_sleep(?)", 0L), ("SELECT pg_sleep(?), now()", 1L)]);
        monitor.Redis.Errors.Count.Should().Be(0);
    }

    [Fact]
    public async Task Batches_copies_and_procedures_are_queries_too()
    {
        await using var monitor = PerformanceMonitor.Create();
        await using (var connection = await postgreSql.Source.OpenConnectionAsync())
        {
            await using var batch = new NpgsqlBatch(connection) { BatchCommands = { new("SELECT 1"), new("SELECT 'x' FROM items") } };
            await batch.ExecuteNonQueryAsync();
            await using (var copy = await connection.BeginBinaryImportAsync("COPY items (id, name) FROM STDIN (FORMAT binary)"))
            {
                await copy.StartRowAsync();
                await copy.WriteAsync(1001);
                await copy.WriteAsync(Secret);
                await copy.CompleteAsync();
            }

            await using var procedure = new NpgsqlCommand("touch", connection) { CommandType = System.Data.CommandType.StoredProcedure };
            procedure.Parameters.Add(new NpgsqlParameter { Value = 1 });
            await procedure.ExecuteNonQueryAsync();
        }

        monitor.Queries.GetSummary(threshold: All).Statements.Select(statement => (statement.Text, statement.Count, statement.Rows)).Should().BeEquivalentTo(
            [("SELECT ?; SELECT ? FROM items", 1L, (long?)null), ("COPY items (id, name) FROM STDIN (FORMAT binary)", 1L, 1L), ("touch", 1L, null)]);
    }

    [Fact]
    public async Task A_command_that_EF_Core_and_the_driver_report_is_counted_once_and_its_rows_are_known()
    {
        await using var monitor = PerformanceMonitor.Create();
        await using var shop = new Shop(postgreSql.Source);
        var ids = new[] { 1, 2, 3 };

        (await shop.Items.TagWith(Secret).Where(item => ids.Contains(item.Id)).Select(item => item.Name).ToListAsync()).Should().HaveCount(3);
        (await shop.Items.Where(item => item.Name == Secret).ToListAsync()).Should().BeEmpty();
        (await shop.Items.OrderBy(item => item.Name).FirstAsync()).Name.Should().NotBeEmpty();
        (await shop.Items.Where(item => item.Id > 90 && item.Id <= 100).ExecuteUpdateAsync(set => set.SetProperty(item => item.Name, item => item.Name + Secret))).Should().Be(10);
        shop.Items.AddRange(Enumerable.Range(2001, 5).Select(static id => new Item { Id = id, Name = Secret }));
        await shop.SaveChangesAsync();
        await FluentActions.Awaiting(() => shop.Database.ExecuteSqlAsync($"SELECT {Secret} FROM missing")).Should().ThrowAsync<PostgresException>();

        var summary = monitor.Queries.GetSummary(threshold: All);
        (summary.Count, summary.Failures).Should().Be((6, 1));
        summary.Statements.Sum(static statement => statement.Count).Should().Be(6);
        Rows("UPDATE items").Should().Be(10);
        Rows("SELECT i.name FROM").Should().Be(3);
        Rows("SELECT i.id, i.name", "WHERE").Should().Be(0);
        Rows("SELECT i.id, i.name", "LIMIT").Should().Be(1);
        Rows("INSERT INTO items").Should().Be(5);
        JsonSerializer.Serialize(summary).Should().NotContain(Secret);
        monitor.Redis.Errors.Count.Should().Be(0);

        long? Rows(string beginning, string holding = "") =>
            summary.Statements.Should().ContainSingle(statement => statement.Text.StartsWith(beginning, StringComparison.Ordinal) && statement.Text.Contains(holding, StringComparison.Ordinal), "of {0}", string.Join('\n', summary.Statements.Select(static statement => statement.Text))).Which.Rows;
    }

    [Fact]
    public async Task A_request_that_asks_for_each_row_by_itself_is_found()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders();
        builder.Services.AddMonitoring();
        await using var app = builder.Build();
        app.UseRequestMonitoring();
        app.MapGet("/orders", async () =>
        {
            for (var id = 1; id <= 20; id++)
            {
                await ExecuteAsync("SELECT name FROM items WHERE id = @id", ("id", id));
            }

            return "20";
        });
        app.MapGet("/order", async () => await ExecuteAsync("SELECT name FROM items WHERE id = @id", ("id", 1)));
        await app.StartAsync();
        var monitor = app.Services.GetRequiredService<IPerformanceMonitor>();
        var client = app.GetTestClient();

        (await client.GetStringAsync(new Uri("/orders", UriKind.Relative))).Should().Be("20");
        (await client.GetAsync(new Uri("/order", UriKind.Relative))).EnsureSuccessStatusCode();

        var summary = monitor.Queries.GetSummary(threshold: All);
        var repeated = summary.Repeated.Should().ContainSingle().Which;
        (repeated.Text, repeated.Endpoint, repeated.Times).Should().Be(("SELECT name FROM items WHERE id = @id", "GET /orders", 20));
        repeated.TraceId.Should().MatchRegex("^[0-9a-f]{32}$");
        monitor.GetRequestSummary().Endpoints.Select(static endpoint => (endpoint.Method, endpoint.Endpoint, endpoint.Count)).Should().BeEquivalentTo([("GET", "/orders", 1L), ("GET", "/order", 1L)]);
        repeated.TotalTime.Should().BeGreaterThan(TimeSpan.Zero);
        var statement = summary.Statements.Should().ContainSingle().Which;
        statement.Count.Should().Be(21);
        statement.Endpoints.Select(endpoint => (endpoint.Endpoint, endpoint.Count)).Should().BeEquivalentTo([("GET /orders", 20L), ("GET /order", 1L)]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_callers_current_activity_is_its_own(bool reads)
    {
        await using var monitor = PerformanceMonitor.Create();
        using var activity = new Activity("caller").Start();
        await using var connection = await postgreSql.Source.OpenConnectionAsync();
        await using var command = new NpgsqlCommand("SELECT id FROM items", connection);

        using (var reader = reads ? command.ExecuteReader() : await command.ExecuteReaderAsync())
        {
            while (reader.Read())
            {
                Activity.Current.Should().BeSameAs(activity);
            }
        }

        Activity.Current.Should().BeSameAs(activity);
        monitor.Queries.GetSummary().Count.Should().Be(1);
    }

    private async Task<int> ExecuteAsync(string sql, params (string Name, object Value)[] parameters)
    {
        await using var command = postgreSql.Source.CreateCommand(sql);
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        return await command.ExecuteNonQueryAsync();
    }
}
