using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Monitoring.Redis.Generators;

/// <summary>Turns the symbols of an interface into models that can be compared.</summary>
internal static class ModelReader
{
    private static readonly SymbolDisplayFormat FullName = SymbolDisplayFormat.FullyQualifiedFormat
        .WithMiscellaneousOptions(
            SymbolDisplayMiscellaneousOptions.UseSpecialTypes
            | SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers
            | SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    public static DecoratorModel? Read(GeneratorAttributeSyntaxContext context)
    {
        var attribute = context.Attributes[0];
        if (attribute.ConstructorArguments.FirstOrDefault().Value is not INamedTypeSymbol decorated || decorated.TypeKind == TypeKind.Error)
        {
            return null;
        }

        var interfaces = decorated.AllInterfaces.Insert(0, decorated)
            .Where(i => SymbolEqualityComparer.Default.Equals(i.ContainingAssembly, decorated.ContainingAssembly))
            .ToList();
        var symbols = interfaces.SelectMany(static i => i.GetMembers()).Where(static m => m.IsAbstract && !m.IsStatic).ToList();
        return new DecoratorModel(
            context.TargetSymbol.ContainingNamespace.ToDisplayString(),
            context.TargetSymbol.Name,
            attribute.NamedArguments.Any(static a => a.Key == "Queued" && a.Value.Value is true),
            new(symbols.Where(static m => m is not IMethodSymbol { AssociatedSymbol: not null }).Select(ReadMember)),
            new(symbols.OfType<IMethodSymbol>().Select(Signature)),
            new(symbols.Select(Experiment).OfType<string>().Distinct().OrderBy(static e => e, StringComparer.Ordinal)));
    }

    private static MemberModel ReadMember(ISymbol symbol)
    {
        var declaring = symbol.ContainingType.ToDisplayString(FullName);
        var obsolete = symbol.GetAttributes().Any(static a => a.AttributeClass?.Name == "ObsoleteAttribute");
        return symbol switch
        {
            IMethodSymbol method => new(
                declaring, method.Name, MemberKind.Method, Returns(method.ReturnType), method.ReturnType.ToDisplayString(FullName),
                method.IsGenericMethod ? $"<{string.Join(", ", method.TypeParameters.Select(static t => t.Name))}>" : "",
                SimpleName(method.ReturnType), false, false, obsolete, new(method.Parameters.Select(ReadParameter))),
            IPropertySymbol property => new(
                declaring, property.Name, MemberKind.Property, ReturnKind.Value, property.Type.ToDisplayString(FullName), "",
                SimpleName(property.Type), property.GetMethod is not null, property.SetMethod is not null, obsolete, default),
            IEventSymbol @event => new(
                declaring, @event.Name, MemberKind.Event, ReturnKind.Nothing, EventArguments(@event), "", SimpleName(@event.Type), false, false, obsolete, default),
            _ => throw new NotSupportedException($"{symbol.Kind} {symbol.ToDisplayString()}"),
        };
    }

    private static ParameterModel ReadParameter(IParameterSymbol parameter) => new(
        SyntaxFacts.GetKeywordKind(parameter.Name) == SyntaxKind.None ? parameter.Name : "@" + parameter.Name,
        parameter.Type.ToDisplayString(FullName),
        SimpleName(parameter.Type),
        parameter.RefKind switch { RefKind.Out => "out ", RefKind.Ref => "ref ", RefKind.In => "in ", _ => "" });

    private static ReturnKind Returns(ITypeSymbol type) => type switch
    {
        { SpecialType: SpecialType.System_Void } => ReturnKind.Nothing,
        INamedTypeSymbol { Name: "Task", IsGenericType: true } => ReturnKind.TaskOfValue,
        INamedTypeSymbol { Name: "Task" } => ReturnKind.Task,
        INamedTypeSymbol { Name: "IEnumerable" or "IAsyncEnumerable", IsGenericType: true } => ReturnKind.Enumeration,
        _ => ReturnKind.Value,
    };

    // Every event of the interfaces is an EventHandler<T>; the relay is made of the T.
    private static string EventArguments(IEventSymbol symbol) =>
        symbol.Type is INamedTypeSymbol { Name: "EventHandler", TypeArguments: { Length: 1 } arguments }
            ? arguments[0].ToDisplayString(FullName)
            : throw new NotSupportedException(symbol.ToDisplayString());

    private static string? Experiment(ISymbol symbol) =>
        symbol.GetAttributes()
            .Where(static a => a.AttributeClass?.Name == "ExperimentalAttribute")
            .Select(static a => a.ConstructorArguments.FirstOrDefault().Value as string)
            .FirstOrDefault();

    /// <summary>The text by which the running application recognises a member; MemberSignature spells it from reflection.</summary>
    private static string Signature(IMethodSymbol method) =>
        $"{method.ContainingType.Name}.{method.Name}({string.Join(",", method.Parameters.Select(static p => SimpleName(p.Type) + (p.RefKind == RefKind.None ? "" : "&")))})";

    private static string SimpleName(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol array => SimpleName(array.ElementType) + "[]",
        INamedTypeSymbol { IsGenericType: true } named => $"{named.Name}<{string.Join(",", named.TypeArguments.Select(SimpleName))}>",
        _ => type.Name,
    };
}
