using System;

namespace Monitoring.Redis.Generators;

/// <summary>A decorator class: what is needed to emit its members, free of symbols.</summary>
internal sealed record DecoratorModel(
    string Namespace,
    string ClassName,
    bool IsQueued,
    EquatableArray<MemberModel> Members,
    EquatableArray<string> Signatures,
    EquatableArray<string> Experiments);

internal enum MemberKind
{
    Method,
    Property,
    Event,
}

/// <summary>What a method hands back, which decides how the funnel runs it.</summary>
internal enum ReturnKind
{
    Nothing,
    Value,
    Task,
    TaskOfValue,
    Enumeration,
}

/// <summary>One member of a decorated interface. Types are spelled in full.</summary>
internal sealed record MemberModel(
    string Interface,
    string Name,
    MemberKind Kind,
    ReturnKind Returns,
    string Type,
    string TypeParameters,
    string SimpleType,
    bool CanRead,
    bool CanWrite,
    bool IsObsolete,
    EquatableArray<ParameterModel> Parameters)
{
    /// <summary>The name that the table knows it by: a synchronous member and its Async twin are one.</summary>
    public string TableName => Name.EndsWith("Async", StringComparison.Ordinal) ? Name.Substring(0, Name.Length - 5) : Name;

    public string DisplayName => $"{Interface.Substring(Interface.LastIndexOf('.') + 1)}.{Name}";
}

internal sealed record ParameterModel(string Name, string Type, string SimpleType, string Modifier);
