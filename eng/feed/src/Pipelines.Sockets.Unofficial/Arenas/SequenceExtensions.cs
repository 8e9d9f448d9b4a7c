namespace Pipelines.Sockets.Unofficial.Arenas;

/// <summary>Copies slices out of an arena, element by element, through a projection.</summary>
public static class SequenceExtensions
{
    /// <summary>A new array of what <paramref name="projection"/> makes of each element.</summary>
    /// <typeparam name="TFrom">The element given.</typeparam>
    /// <typeparam name="TTo">The element wanted.</typeparam>
    /// <param name="source">The slice.</param>
    /// <param name="projection">Called once for each element, in order.</param>
    public static TTo[] ToArray<TFrom, TTo>(this in Sequence<TFrom> source, Projection<TFrom, TTo> projection)
    {
        if (source.IsEmpty)
            return [];
        var result = new TTo[source.Length];
        source.CopyTo(result, projection);
        return result;
    }

    /// <summary>A new array of what <paramref name="projection"/> makes of each element and <paramref name="state"/>.</summary>
    /// <typeparam name="TFrom">The element given.</typeparam>
    /// <typeparam name="TState">The state.</typeparam>
    /// <typeparam name="TTo">The element wanted.</typeparam>
    /// <param name="source">The slice.</param>
    /// <param name="projection">Called once for each element, in order.</param>
    /// <param name="state">Passed to every call.</param>
    public static TTo[] ToArray<TFrom, TState, TTo>(this in Sequence<TFrom> source, Projection<TFrom, TState, TTo> projection, in TState state)
    {
        ArgumentNullException.ThrowIfNull(projection);
        if (source.IsEmpty)
            return [];
        var from = source.FirstSpan;
        var result = new TTo[from.Length];
        for (var i = 0; i < from.Length; i++)
            result[i] = projection(in from[i], in state);
        return result;
    }

    /// <summary>Writes what <paramref name="projection"/> makes of each element into <paramref name="destination"/>.</summary>
    /// <typeparam name="TFrom">The element given.</typeparam>
    /// <typeparam name="TTo">The element wanted.</typeparam>
    /// <param name="source">The slice.</param>
    /// <param name="destination">At least as long as <paramref name="source"/>.</param>
    /// <param name="projection">Called once for each element, in order.</param>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is too short.</exception>
    public static void CopyTo<TFrom, TTo>(this in Sequence<TFrom> source, Span<TTo> destination, Projection<TFrom, TTo> projection)
    {
        ArgumentNullException.ThrowIfNull(projection);
        var from = source.FirstSpan;
        if (destination.Length < from.Length)
            throw new ArgumentException($"Room for {destination.Length} elements, but there are {from.Length}.", nameof(destination));
        for (var i = 0; i < from.Length; i++)
            destination[i] = projection(in from[i]);
    }
}
