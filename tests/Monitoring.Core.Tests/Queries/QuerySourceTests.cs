using System.Data;
using System.Data.Common;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Monitoring.Queries;
using Monitoring.Requests;

namespace Monitoring.Core.Tests.Queries;

/// <summary>
/// What is made of the telemetry, here written by hand as the clients document it; the real Npgsql and EF Core are in the
/// integration tests.
/// </summary>
public sealed class QuerySourceTests
{
    private static readonly TimeSpan All = TimeSpan.Zero;

    [Theory]
    [InlineData("db.query.text", "db.system.name", "db.namespace")]
    [InlineData("db.statement", "db.system", "db.name")]
    public void An_activity_of_Npgsql_is_a_query_by_either_convention(string text, string system, string database)
    {
        using var stage = new QueryStage(static options => options.Enabled = true);
        using var source = new ActivitySource("Npgsql");

        using (var activity = source.StartActivity("postgresql", ActivityKind.Client)!)
        {
            activity.SetTag(text, "SELECT 1 WHERE a = 'x'").SetTag(system, "postgresql").SetTag(database, "shop");
        }

        var statement = stage.Monitor.GetSummary(threshold: All).Statements.Should().ContainSingle().Which;
        (statement.Text, statement.System, statement.Database, statement.Failures).Should().Be(("SELECT ? WHERE a = ?", "postgresql", "shop", 0));
    }

    [Fact]
    public void Connections_are_no_queries_and_are_not_asked_for()
    {
        using var stage = new QueryStage(static options => options.Enabled = true);
        using var source = new ActivitySource("Npgsql");

        source.StartActivity("CONNECT shop", ActivityKind.Client).Should().BeNull();
        source.StartActivity("postgresql", ActivityKind.Client)!.Dispose();

        stage.Monitor.GetSummary().Count.Should().Be(0);
    }

    [Fact]
    public void An_activity_is_not_recorded_unless_the_host_records_it()
    {
        using var stage = new QueryStage(static options => options.Enabled = true);
        using var source = new ActivitySource("Npgsql");
        using (var own = source.StartActivity("postgresql", ActivityKind.Client)!)
        {
            (own.IsAllDataRequested, own.Recorded).Should().Be((true, false));
        }

        using var host = new ActivityListener
        {
            ShouldListenTo = static listened => listened.Name == "Npgsql",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(host);
        using var recorded = source.StartActivity("postgresql", ActivityKind.Client)!;

        recorded.Recorded.Should().BeTrue();
    }

    [Theory]
    [InlineData("42P01", 1, 0)]
    [InlineData("System.OperationCanceledException", 0, 1)]
    public void A_query_fails_or_is_given_up(string error, int failures, int canceled)
    {
        using var stage = new QueryStage(static options => options.Enabled = true);
        using var source = new ActivitySource("Npgsql");

        using (var activity = source.StartActivity("postgresql", ActivityKind.Client)!)
        {
            activity.SetTag("db.query.text", "SELECT 1").SetTag("error.type", error).SetStatus(ActivityStatusCode.Error);
        }

        var summary = stage.Monitor.GetSummary();
        (summary.Count, summary.Failures, summary.Canceled).Should().Be((1, failures, canceled));
    }

    [Theory]
    [InlineData("Microsoft.Data.SqlClient.", true)]
    [InlineData("System.Data.SqlClient.", false)]
    public void SqlClient_tells_when_a_command_begins_and_how_it_ends(string prefix, bool asPairs)
    {
        using var stage = new QueryStage(static options => options.Enabled = true);
        using var other = new QueryStage(static options => options.Enabled = true);
        using var listener = new DiagnosticListener("SqlClientDiagnosticListener");
        using var activity = new Activity("request").Start();
        var state = OperationState.Begin("GET /orders", activity, owner: stage.Clock);
        var begun = Stopwatch.GetTimestamp();

        Run("SELECT [a] FROM [t 1] WHERE id = 5", 250, null);
        Run("SELECT [a] FROM [t 1] WHERE id = 6", 150, new InvalidOperationException());
        Run("SELECT [a] FROM [t 1] WHERE id = 6", 50, new OperationCanceledException());
        Write("WriteCommandAfter", Guid.NewGuid(), "SELECT never begun", 10, null);

        state.End(wantsPhases: false, out _).Queries.Should().Be(3);
        var summary = stage.Monitor.GetSummary();
        other.Monitor.GetSummary().Count.Should().Be(3, "every monitor of the process hears of it, and the request counts what its own one does");
        (summary.Count, summary.Failures, summary.Canceled, stage.Errors.Count).Should().Be((3, 1, 1, 0));
        var statement = summary.Statements.Should().ContainSingle().Which;
        (statement.Text, statement.System, statement.Database).Should().Be(("SELECT [a] FROM [t 1] WHERE id = ?", "mssql", "shop"));
        (statement.Count, statement.Worst, statement.Rows).Should().Be((3, TimeSpan.FromMilliseconds(250), null));
        statement.Endpoints.Should().ContainSingle().Which.Endpoint.Should().Be("GET /orders");

        void Run(string sql, double milliseconds, Exception? exception)
        {
            var id = Guid.NewGuid();
            Write("WriteCommandBefore", id, sql, 0, null);
            Write(exception is null ? "WriteCommandAfter" : "WriteCommandError", id, sql, milliseconds, exception);
        }

        void Write(string name, Guid id, string sql, double milliseconds, Exception? exception)
        {
            var command = new FakeCommand(sql);
            var timestamp = begun + (long)(milliseconds * Stopwatch.Frequency / 1000);
            Emit(prefix + name, asPairs
                ? new List<KeyValuePair<string, object?>> { new("OperationId", id), new("Operation", "ExecuteReader"), new("Timestamp", timestamp), new("Command", command), new("Exception", exception) }
                : new { OperationId = id, Operation = "ExecuteReader", Timestamp = timestamp, Command = command, Exception = exception });
        }

        void Emit(string name, object payload)
        {
            listener.IsEnabled(name).Should().BeTrue();
            listener.Write(name, payload);
        }
    }

    [Fact]
    public void EF_Core_tells_of_commands_on_other_providers_with_their_rows()
    {
        using var stage = new QueryStage(static options => options.Enabled = true);
        using var listener = new DiagnosticListener("Microsoft.EntityFrameworkCore");
        const string prefix = "Microsoft.EntityFrameworkCore.Database.Command.";
        var command = new FakeCommand("SELECT a FROM t WHERE b = 'x'");

        listener.Write(prefix + "CommandExecuted", new { Command = command, Duration = TimeSpan.FromMilliseconds(120), Result = new object() });
        listener.Write(prefix + "DataReaderDisposing", new { Command = command, RecordsAffected = -1, ReadCount = 8, Duration = TimeSpan.FromMilliseconds(2) });
        listener.Write(prefix + "CommandError", new { Command = command, Duration = TimeSpan.FromMilliseconds(5), Exception = new InvalidOperationException() });
        listener.Write(prefix + "CommandExecuted", new { Command = new FakeCommand("DELETE FROM t"), Duration = TimeSpan.FromMilliseconds(100), Result = 3 });
        listener.Write(prefix + "CommandExecuted", new { Something = "else" });
        listener.IsEnabled(prefix + "CommandCreating").Should().BeFalse();

        var statements = stage.Monitor.GetSummary().Statements;
        statements.Select(statement => (statement.Text, statement.System, statement.Count, statement.Failures, statement.Rows)).Should().Equal(
            ("SELECT a FROM t WHERE b = ?", "other_sql", 2, 1, 7), ("DELETE FROM t", "other_sql", 1, 0, 3));
        stage.Errors.Count.Should().Be(0);
    }

    [Fact]
    public void A_payload_that_fails_does_not_reach_the_caller()
    {
        using var stage = new QueryStage(static options => options.Enabled = true);
        using var listener = new DiagnosticListener("Microsoft.EntityFrameworkCore");

        listener.Write("Microsoft.EntityFrameworkCore.Database.Command.CommandExecuted", new FailingPayload());

        stage.Errors.Count.Should().Be(1);
    }

    [Fact]
    public void Nothing_is_listened_to_when_it_is_switched_off_or_over()
    {
        using var source = new ActivitySource("Npgsql");
        using var listener = new DiagnosticListener("Microsoft.EntityFrameworkCore");
        using var off = new QueryStage();
        using var on = new QueryStage(static options => options.Enabled = true);
        Run();
        on.Dispose();
        Run();

        (off.Monitor.GetSummary().Enabled, off.Monitor.GetSummary().Count).Should().Be((false, 0));
        (on.Monitor.GetSummary().Enabled, on.Monitor.GetSummary().Count).Should().Be((true, 2));

        void Run()
        {
            using (var activity = source.StartActivity("postgresql", ActivityKind.Client))
            {
                activity?.SetTag("db.query.text", "SELECT 1");
            }

            listener.Write("Microsoft.EntityFrameworkCore.Database.Command.CommandExecuted", new { Command = new FakeCommand("SELECT 2"), Duration = TimeSpan.Zero, Result = 0 });
        }
    }

    private sealed class FailingPayload
    {
        [SuppressMessage("Performance", "CA1822:Mark members as static", Justification = "A payload's properties are of its instance.")]
        public object Command => throw new InvalidOperationException();
    }

    /// <summary>A command of a provider that the monitor does not know.</summary>
    private sealed class FakeCommand([AllowNull] string text) : DbCommand
    {
        [AllowNull]
        public override string CommandText { get; set; } = text;

        public override int CommandTimeout { get; set; }

        public override CommandType CommandType { get; set; }

        public override bool DesignTimeVisible { get; set; }

        public override UpdateRowSource UpdatedRowSource { get; set; }

        protected override DbConnection? DbConnection { get; set; } = new FakeConnection();

        protected override DbParameterCollection DbParameterCollection => throw new NotSupportedException();

        protected override DbTransaction? DbTransaction { get; set; }

        public override void Cancel() => throw new NotSupportedException();

        public override int ExecuteNonQuery() => throw new NotSupportedException();

        public override object? ExecuteScalar() => throw new NotSupportedException();

        public override void Prepare() => throw new NotSupportedException();

        protected override DbParameter CreateDbParameter() => throw new NotSupportedException();

        protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior) => throw new NotSupportedException();
    }

    private sealed class FakeConnection : DbConnection
    {
        [AllowNull]
        public override string ConnectionString { get; set; } = "";

        public override string Database => "shop";

        public override string DataSource => "";

        public override string ServerVersion => "";

        public override ConnectionState State => ConnectionState.Open;

        public override void ChangeDatabase(string databaseName) => throw new NotSupportedException();

        public override void Close() => throw new NotSupportedException();

        public override void Open() => throw new NotSupportedException();

        protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel) => throw new NotSupportedException();

        protected override DbCommand CreateDbCommand() => throw new NotSupportedException();
    }
}
