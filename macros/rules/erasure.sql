{# When an erasure was asked for: the moment that was read, else one of the years that no other column reads as text, so that a
   text and a native timestamp say the same. #}
{% macro deletion_moment(moment, raw_value) -%}
    coalesce(
        {{ moment }},
        {{ crm_segmentation.parse_timestamp('cast(' ~ raw_value ~ ' as ' ~ dbt.type_string() ~ ')', years='(000[1-9]|00[1-9][0-9]|0[1-9][0-9]{2}|[1-9][0-9]{3})') }}
    )
{%- endmacro %}


{# Whether a value of deleted_at says that nobody asked: nothing but zeros, a day of the year zero, 9999 or beyond, what MySQL
   writes for null, or one of not_deleted_values, which the day of a moment is compared with too. #}
{% macro says_not_deleted(moment, raw_value) -%}
    {%- set text = 'cast(' ~ raw_value ~ ' as ' ~ dbt.type_string() ~ ')' -%}
    {%- set values = ["chr(92) || 'n'"] -%}
    {%- for value in var('not_deleted_values') -%}
        {%- do values.append(crm_segmentation.text_literal(value | string | lower)) -%}
    {%- endfor -%}
    (
        {{ raw_value }} is null
        or {{ crm_segmentation.regexp_like(text, '^(0000-.*|[0 :./TZ+-]*0[0 :./TZ+-]*)$') }}
        or {{ crm_segmentation.regexp_like(text, '(^|[^0-9])9999([^0-9]|$)|^[+]?[0-9]{5,}-[0-9]{2}-') }}
        or lower({{ text }}) in ({{ values | join(', ') }})
        or coalesce(cast(cast({{ moment }} as date) as {{ dbt.type_string() }}), '') in ({{ values | join(', ') }})
    )
{%- endmacro %}


{# Whether a row asks for erasure by the as-of date; at once where it names no moment. moment: what was read of raw_value. #}
{% macro asks_for_erasure(moment, raw_value) -%}
    {%- set asked_at = crm_segmentation.deletion_moment(moment, raw_value) -%}
    not {{ crm_segmentation.says_not_deleted(asked_at, raw_value) }} and coalesce({{ asked_at }} < {{ crm_segmentation.as_of_end() }}, true)
{%- endmacro %}


{# What is remembered of an identifier: a hash of the key that identity compares. #}
{% macro remembered_key(identifier_key) -%}
    {{ crm_segmentation.sha256_hex(identifier_key) }}
{%- endmacro %}


{# The newest entry of a memory as of the as-of date, by its key; entries of builds for later days do not count. #}
{% macro newest_entries(entries, key, columns) %}
    select
        {{ (key + columns) | join(',\n        ') }}

    from (
        select
            {{ entries }}.*,
            row_number() over (partition by {{ key | join(', ') }} order by known_on desc, build_number desc) as entry_rank

        from {{ entries }}

        where known_on <= {{ crm_segmentation.as_of_date() }}
    ) as ranked_entries

    where entry_rank = 1
{% endmacro %}


{% macro erasures_as_of(entries) %}
    {{- crm_segmentation.newest_entries(entries, ['record_id'], ['twin_id', 'erasure_reason', 'erased_at']) }}
{% endmacro %}


{% macro known_identifiers_as_of(entries) %}
    {{- crm_segmentation.newest_entries(entries, ['record_id', 'identifier_type', 'identifier_key'], ['is_joining']) }}
{% endmacro %}


{# The erasures before the first build; in a database of an earlier version those that its ledger knows. #}
{% macro erasures_of_the_ledger() %}
    {%- set node = crm_segmentation.model_node('int_identity__ledger') if execute else none -%}
    {%- set ledger = adapter.get_relation(node.database, node.schema, node.alias) if node else none -%}
    {%- if ledger %}
    select
        record_id,
        build_number,
        known_on,
        cast(null as {{ dbt.type_string() }}) as twin_id,
        'request' as erasure_reason,
        cast(known_on as timestamp) as erased_at

    from {{ ledger }}

    where is_erased

    union all
    {% endif %}
    select
        cast(null as {{ dbt.type_string() }}) as record_id,
        cast(null as {{ dbt.type_int() }}) as build_number,
        cast(null as date) as known_on,
        cast(null as {{ dbt.type_string() }}) as twin_id,
        cast(null as {{ dbt.type_string() }}) as erasure_reason,
        cast(null as timestamp) as erased_at

    {{ crm_segmentation.no_rows() }}
{% endmacro %}


{# What is remembered before the first build. #}
{% macro no_known_identifiers() %}
    select
        cast(null as {{ dbt.type_string() }}) as record_id,
        cast(null as {{ dbt.type_int() }}) as build_number,
        cast(null as date) as known_on,
        cast(null as {{ dbt.type_string() }}) as identifier_type,
        cast(null as {{ dbt.type_string() }}) as identifier_key,
        cast(null as boolean) as is_joining

    {{ crm_segmentation.no_rows() }}
{% endmacro %}
