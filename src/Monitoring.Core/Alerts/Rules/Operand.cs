namespace Monitoring.Alerts.Rules;

/// <summary>
/// Something that rules read values of: one for each thing that is read, shared by all rules that read it, and kept over a
/// reload with all that it remembers. Used by one evaluation at a time.
/// </summary>
/// <param name="key">Identity: what is read, and how. Operands of one key are the same.</param>
internal abstract class Operand(string key)
{
    /// <summary>Stands for all sources of an operand.</summary>
    public const int AnySource = -1;

    public string Key => key;

    /// <summary>Why it cannot be read, or what it lacks; null otherwise.</summary>
    public virtual string? Error => null;

    /// <summary>Unit of its values, where it is known.</summary>
    public virtual string? Unit => null;

    /// <summary>Measurements that were put together for lack of room.</summary>
    public virtual long Overflowed => 0;

    /// <summary>The operands that it reads.</summary>
    public virtual IEnumerable<Operand> Parts => [];

    /// <summary>Takes note of the moment, once an evaluation before anything is read.</summary>
    /// <param name="second">Whole seconds since the engine was built.</param>
    public virtual void Observe(long second)
    {
    }

    /// <summary>The value of each series over a window; valid until it is read again.</summary>
    public abstract IReadOnlyList<SourcedReading> Read(TimeSpan window);

    /// <summary>Whether a source could not be read during this evaluation, so that what it does not say means nothing.</summary>
    public abstract bool HasFailed(int source);
}
