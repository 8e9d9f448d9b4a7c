using System.Diagnostics;

namespace Monitoring.Requests;

/// <summary>
/// What one request, or another operation, spends on what it calls: found, by those that record Redis commands and database
/// queries, through the <see cref="Activity"/> that it runs in or an ancestor of that. A ticket to a pooled
/// <see cref="OperationState"/>: what comes after the operation's end is refused, whoever the state serves by then.
/// Thread-safe; finding and adding allocate nothing.
/// </summary>
/// <param name="State">What it adds to.</param>
/// <param name="Generation">Which use of the state is meant.</param>
internal readonly record struct OperationScope(OperationState State, long Generation)
{
    /// <summary>Whether there has been an operation since the process began; until then there is nothing to find.</summary>
    public static bool IsUsed => OperationTable.IsUsed;

    /// <summary>The innermost operation that the activity belongs to and that is still going on; null when there is none.</summary>
    public static OperationScope? Find(Activity? activity) => OperationTable.IsUsed && activity is not null ? OperationTable.Find(activity) : null;

    /// <summary>The endpoint, or the name of the operation; empty once it has ended.</summary>
    public string Name => State.GetName(Generation);

    /// <summary>
    /// Whether the operation is that of a monitor, known by the clock of its windows. Asked by who hears of something that every
    /// monitor of the process hears of: one of them is to count it.
    /// </summary>
    public bool BelongsTo(object owner) => State.BelongsTo(Generation, owner);

    /// <summary>Counts Redis commands that were sent as one, and their time, in ticks of <see cref="Stopwatch"/>.</summary>
    public void AddRedis(long ticks, int commands = 1) => State.Add(Generation, new OperationTotals(ticks, commands, 0, 0));

    /// <summary>Counts a query and its time, in ticks of <see cref="Stopwatch"/>.</summary>
    /// <returns>
    /// How often a statement of that fingerprint ran in this operation, this time included; 1 for one that found no place among
    /// the <see cref="StatementCounts.Capacity"/> that are told apart, and after the operation's end.
    /// </returns>
    public int AddQuery(ulong fingerprint, long ticks) => State.AddQuery(Generation, fingerprint, ticks, out _);

    /// <inheritdoc cref="AddQuery(ulong, long)"/>
    /// <param name="fingerprint">Fingerprint of the statement.</param>
    /// <param name="ticks">Time of the query.</param>
    /// <param name="together">Time of all of them.</param>
    public int AddQuery(ulong fingerprint, long ticks, out long together) => State.AddQuery(Generation, fingerprint, ticks, out together);

    /// <summary>Adds to a named part of the operation, in ticks of <see cref="Stopwatch"/>.</summary>
    public void AddPhase(string name, long ticks) => State.AddPhase(Generation, name, ticks);

    /// <summary>Adds what an operation within this one spent.</summary>
    public void Add(in OperationTotals totals) => State.Add(Generation, totals);
}
