-- Guarantees that a prefix is told which the keys of one table have and those of the other have not, where a key without it, or with it,
-- would match. Only keys that lead nowhere are looked at. The columns stand in the order of int_quality__input_references.
with

{{ imports({'missing_references': 'int_quality__input_references'}) -}}

{%- for target, found in input_targets().items() %}

{{ target }}_examples as (

    select
        {{ 'source_system' if found.has_system else "''" }} as target_system,
        min({{ found.key }}) as example_key

    from {{ found.relation }}

    {{ 'group by source_system' if found.has_system else 'having count(*) > 0' }}

),

{{ target }}_wanted as (

    select
        missing_references.*,
        {{ key_without_prefix('missing_references.missing_key') }} as shorter_key,
        {{ key_prefix(target ~ '_examples.example_key') }} || missing_references.missing_key as longer_key

    from missing_references

    inner join {{ target }}_examples
        on
            missing_references.target_name = '{{ target }}'
            and {{ target }}_examples.target_system {{ '= missing_references.source_system' if found.has_system else "= ''" }}

    where missing_references.missing_key is not null

),
{%- endfor %}

prefixes as (

    {%- for target, found in input_targets().items() %}
    {%- for wanted, prefix, remedy in [
        ('shorter_key', key_prefix('wanted.missing_key'), ["'write the key without '", 'prefix', "' in front of it'"]),
        ('longer_key', key_prefix('targets.' ~ found.key), ["'write the key with '", 'prefix', "' in front of it'"]),
    ] %}

    select distinct
        wanted.check_name,
        wanted.raw_table,
        '{{ target }}' as target_name,
        wanted.source_system,
        wanted.missing_key,
        wanted.row_count,
        {{ dbt.concat([remedy[0], prefix, remedy[2]]) }} as remedy,
        false as is_same_system

    from {{ target }}_wanted as wanted

    inner join {{ found.relation }} as targets
        on
            wanted.{{ wanted }} = targets.{{ found.key }}
            {{ 'and wanted.source_system = targets.source_system' if found.has_system }}

    where wanted.{{ wanted }} != wanted.missing_key
    {{- '\n\n    union all' if not loop.last }}
    {%- endfor %}
    {{- '\n\n    union all' if not loop.last }}
    {%- endfor %}

)

select * from prefixes
