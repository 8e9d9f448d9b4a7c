using System.Diagnostics;
using Monitoring.Requests;
using Monitoring.TestSupport;

namespace Monitoring.Core.Tests.Requests;

public class OperationScopeTests
{
    [Fact]
    public void An_operation_is_found_from_its_activity_and_from_those_within()
    {
        using var activity = new Activity("request").Start();
        var state = OperationState.Begin("GET /orders", activity);
        using var inner = new Activity("inner").Start();
        using var innermost = new Activity("innermost").Start();

        OperationScope.Find(innermost)!.Value.AddRedis(10);
        OperationScope.Find(innermost)!.Value.Name.Should().Be("GET /orders");
        OperationScope.Find(activity)!.Value.AddRedis(5, commands: 3);

        state.End(wantsPhases: false, out _).Should().Be(new OperationTotals(15, 4, 0, 0));
        OperationScope.Find(innermost).Should().BeNull();
    }

    [Fact]
    public void Without_an_activity_or_an_operation_there_is_nothing_to_find()
    {
        using var stranger = new Activity("stranger").Start();

        OperationScope.Find(null).Should().BeNull();
        OperationScope.Find(stranger).Should().BeNull();
    }

    [Fact]
    public void The_innermost_operation_is_found_and_adds_to_the_one_around_it()
    {
        using var activity = new Activity("request").Start();
        var outer = OperationState.Begin("GET /orders", activity);
        using var inner = new Activity("assess").Start();
        var operation = OperationState.Begin("assess", inner);

        OperationScope.Find(inner)!.Value.AddRedis(7);
        OperationScope.Find(inner)!.Value.AddQuery(1, 3);
        operation.End(wantsPhases: false, out _).Should().Be(new OperationTotals(7, 1, 3, 1));
        OperationScope.Find(inner)!.Value.Name.Should().Be("GET /orders");

        outer.End(wantsPhases: false, out _).Should().Be(new OperationTotals(7, 1, 3, 1));
    }

    [Fact]
    public void What_comes_after_the_end_is_added_neither_to_it_nor_to_the_next()
    {
        using var activity = new Activity("request").Start();
        var state = OperationState.Begin("first", activity);
        var late = state.Scope;
        state.End(wantsPhases: false, out _);

        // The pool hands out the same state sooner or later.
        var next = new List<OperationState>();
        OperationState same;
        do
        {
            same = OperationState.Begin("next", null);
            next.Add(same);
        }
        while (same != state && next.Count < 10_000);

        late.AddRedis(10);
        late.AddQuery(1, 10).Should().Be(1);
        late.AddPhase("late", 10);
        late.Name.Should().BeEmpty();
        foreach (var operation in next)
        {
            operation.End(wantsPhases: true, out var phases).IsEmpty.Should().BeTrue();
            phases.Should().BeEmpty();
        }
    }

    [Fact]
    public void A_repeated_statement_is_counted_within_its_operation()
    {
        var state = OperationState.Begin("GET /orders", null);
        var scope = state.Scope;

        scope.AddQuery(1, 1).Should().Be(1);
        scope.AddQuery(2, 1).Should().Be(1);
        scope.AddQuery(1, 1).Should().Be(2);
        for (ulong other = 100; other < 100 + StatementCounts.Capacity; other++)
        {
            scope.AddQuery(other, 1).Should().Be(1);
        }

        // What found no place is not told apart; what has one goes on.
        scope.AddQuery(99 + StatementCounts.Capacity, 1).Should().Be(1);
        scope.AddQuery(1, 1).Should().Be(3);
        state.End(wantsPhases: false, out _).Queries.Should().Be(5 + StatementCounts.Capacity);

        var again = OperationState.Begin("GET /orders", null);
        again.Scope.AddQuery(1, 1).Should().Be(1);
        again.End(wantsPhases: false, out _);
    }

    [Fact]
    public void Phases_add_up_by_name_and_those_without_a_place_together()
    {
        var state = OperationState.Begin("GET /orders", null);
        state.Scope.AddPhase("render", Stopwatch.Frequency);
        state.Scope.AddPhase("render", Stopwatch.Frequency);
        for (var i = 0; i < 2 * PhaseSums.Capacity; i++)
        {
            state.Scope.AddPhase($"phase {i}", Stopwatch.Frequency);
        }

        state.End(wantsPhases: true, out var phases);

        phases.Should().HaveCount(PhaseSums.Capacity);
        phases[0].Should().Be(new RequestPhase("render", TimeSpan.FromSeconds(2), 2));
        phases[^1].Should().Be(new RequestPhase("OTHER", TimeSpan.FromSeconds(18), 18));
    }

    [Fact]
    public void Beginning_finding_adding_and_ending_allocate_nothing()
    {
        using var activity = new Activity("request").Start();
        using var inner = new Activity("inner").Start();

        var allocated = Allocations.Least(() =>
        {
            for (var i = 0; i < 1_000; i++)
            {
                var state = OperationState.Begin("GET /orders", activity);
                OperationScope.Find(inner)?.AddRedis(1);
                OperationScope.Find(inner)?.AddQuery(1, 1);
                OperationScope.Find(inner)?.AddPhase("render", 1);
                state.End(wantsPhases: false, out _);
            }
        });

        allocated.Should().Be(0);
    }

    [Fact]
    public void An_operation_beyond_the_table_is_counted_and_harms_nobody()
    {
        var before = OperationTable.Overflowed;
        var activities = Enumerable.Range(0, OperationTable.Capacity + 1).Select(_ => new Activity("request")).ToList();
        var states = activities.ConvertAll(activity => OperationState.Begin("GET /orders", activity));

        var lost = activities.Count(activity => OperationScope.Find(activity) is null);
        states.ForEach(state => state.End(wantsPhases: false, out _));

        lost.Should().BeGreaterThan(0);
        (OperationTable.Overflowed - before).Should().BeGreaterThanOrEqualTo(lost);
        activities.Should().AllSatisfy(activity => OperationScope.Find(activity).Should().BeNull());
    }

    /// <summary>
    /// Operations come and go on some threads while others write to whichever they find and to those they found long ago. Each
    /// writer adds to an operation the number that its activity bears: a sum that is no multiple of it came from elsewhere.
    /// </summary>
    [Fact]
    public void No_writer_reaches_another_operation_however_late_it_is()
    {
        const int Operations = 20_000;
        const int Owners = 3;
        var current = new Activity?[Owners];
        using var done = new CancellationTokenSource();
        var foreign = 0;
        var added = 0L;
        var found = 0L;

        var owners = Start(Owners, owner =>
        {
            for (var i = 0; i < Operations; i++)
            {
                var number = 1 + ((i * Owners) + owner) % 97;
                var activity = new Activity("request");
                activity.SetCustomProperty("number", number);
                var state = OperationState.Begin("request", activity);
                Volatile.Write(ref current[owner], activity);
                Thread.Yield();
                var totals = state.End(wantsPhases: false, out _);
                if (totals.RedisTicks != (long)number * totals.RedisCommands)
                {
                    Interlocked.Increment(ref foreign);
                }

                Interlocked.Add(ref found, totals.RedisCommands);
            }
        });
        var writers = Start(2, _ =>
        {
            OperationScope? old = null;
            var oldNumber = 0;
            while (!done.IsCancellationRequested)
            {
                for (var owner = 0; owner < Owners; owner++)
                {
                    if (Volatile.Read(ref current[owner]) is not { } activity)
                    {
                        continue;
                    }

                    var number = (int)activity.GetCustomProperty("number")!;
                    var scope = OperationScope.Find(activity);
                    scope?.AddRedis(number);
                    old?.AddRedis(oldNumber);
                    Interlocked.Increment(ref added);
                    (old, oldNumber) = (scope, number);
                }
            }
        });

        owners.ForEach(thread => thread.Join());
        done.Cancel();
        writers.ForEach(thread => thread.Join());

        foreign.Should().Be(0);
        found.Should().BeGreaterThan(0).And.BeLessThanOrEqualTo(2 * added);
        current.Should().AllSatisfy(activity => OperationScope.Find(activity).Should().BeNull());
    }

    private static List<Thread> Start(int count, Action<int> work)
    {
        var threads = Enumerable.Range(0, count).Select(index => new Thread(() => work(index))).ToList();
        threads.ForEach(thread => thread.Start());
        return threads;
    }
}
