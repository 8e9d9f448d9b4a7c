using System.Reflection;

namespace Monitoring.Redis.Decorators;

/// <summary>Spells a member from reflection as the generator spells it from symbols.</summary>
internal static class MemberSignature
{
    public static string Of(MethodInfo method) =>
        $"{method.DeclaringType!.Name}.{method.Name}({string.Join(",", method.GetParameters().Select(static p => SimpleName(p.ParameterType)))})";

    public static string SimpleName(Type type)
    {
        if (type.IsByRef)
        {
            return SimpleName(type.GetElementType()!) + "&";
        }

        if (type.IsArray)
        {
            return SimpleName(type.GetElementType()!) + "[]";
        }

        return type.IsGenericType
            ? $"{type.Name[..type.Name.IndexOf('`')]}<{string.Join(",", type.GetGenericArguments().Select(SimpleName))}>"
            : type.Name;
    }
}
