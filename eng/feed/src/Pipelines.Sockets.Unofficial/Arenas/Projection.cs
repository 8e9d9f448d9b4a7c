namespace Pipelines.Sockets.Unofficial.Arenas;

/// <summary>Turns one element into another without copying it first.</summary>
/// <typeparam name="TFrom">The element given.</typeparam>
/// <typeparam name="TTo">The element wanted.</typeparam>
/// <param name="value">The element.</param>
public delegate TTo Projection<TFrom, TTo>(in TFrom value);

/// <summary>Turns one element into another, with a state that spares the caller a closure.</summary>
/// <typeparam name="TFrom">The element given.</typeparam>
/// <typeparam name="TState">The state.</typeparam>
/// <typeparam name="TTo">The element wanted.</typeparam>
/// <param name="value">The element.</param>
/// <param name="state">The state, the same for every element.</param>
public delegate TTo Projection<TFrom, TState, TTo>(in TFrom value, in TState state);
