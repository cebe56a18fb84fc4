{# What a destination has to be told. One row per member, and one per former member for tombstone_days: the model is
   the memory of what was published last, so a row moves only when its content does. The reader keeps the cursor (the
   highest updated_at that it has delivered): a delivery that failed, wholly or in part, is simply read again.

   contacts: model with the members as they are now.
   key: its unique column; the destination finds the member by it, and an exit keeps it.
   kept: other columns that an exit keeps, because without them nobody could be removed.
   identifiers: likewise, but for what a member holds as well, who would be removed with the one who left.
   cleared: columns with the SQL of what an exit says in them. The others are null, which leaves them alone.
   attributes: columns, each with its SQL for json_object, of which the column payload holds those that changed in the
   last tombstone_days. Those of the last build alone would be lost with a delivery that failed. #}
{% macro audience_changes(contacts, key, kept=[], identifiers=[], cleared={}, attributes={}) %}
    {{- config(
        enabled=crm_segmentation.is_chosen(contacts.removeprefix('audience_').removesuffix('__contacts')),
        materialized='incremental', incremental_strategy='merge', unique_key=key, full_refresh=false,
        on_schema_change='append_new_columns', post_hook='{{ crm_segmentation.forget_old_exits() }}',
        meta={'key': key, 'identifiers': identifiers}
    ) -}}
    {%- set relation = ref('crm_segmentation', contacts) -%}
    {%- set columns = crm_segmentation.audience_columns(contacts) -%}
    {%- set as_of_moment = 'cast(' ~ crm_segmentation.as_of_date() ~ ' as timestamp)' -%}
    {%- set changed_columns = {} -%}
    {%- for column in attributes -%}
        {%- do changed_columns.update({column: column ~ '_changed_on >= first_payload_day'}) -%}
    {%- endfor -%}
    {%- set texts = [] -%}
    {%- for column in columns | sort -%}
        {%- do texts.append('coalesce(' ~ crm_segmentation.text_of(column) ~ ', chr(30))') -%}
    {%- endfor %}
with

members as (

    select
        *,
        {{ crm_segmentation.md5_hex(crm_segmentation.joined_known_texts(texts, 'chr(31)') if texts else "''") }} as row_hash

    from {{ relation }}

),
{% if is_incremental() %}
published as (

    select * from {{ this }}

),

-- Later than anything published, so that no reader's cursor has passed it, whatever day is being measured.
moments as (

    select
        coalesce(max({{ dbt.dateadd('second', 1, 'updated_at') }}), {{ as_of_moment }}) as after_published,
        {{ as_of_moment }} as as_of_moment

    from published

),
{% else %}
published as (

    select
        *,
        true as is_member

    from members

    where 1 = 0

),

moments as (

    select
        {{ as_of_moment }} as after_published,
        {{ as_of_moment }} as as_of_moment

),
{% endif %}
{% for column in identifiers %}
held_{{ column }} as (

    select distinct {{ column }}

    from members

    where {{ column }} is not null

),
{% endfor %}
clock as (

    select
        {{ crm_segmentation.greatest_of(['after_published', 'as_of_moment']) }} as moment,
        cast({{ crm_segmentation.greatest_of(['after_published', 'as_of_moment']) }} as date) as today

    from moments

),

compared as (

    select
        {%- for column in columns %}
        {%- if column == key or column in kept %}
        coalesce(members.{{ column }}, case when members.{{ key }} is null then published.{{ column }} end) as {{ column }},
        {%- elif column in identifiers %}
        coalesce(
            members.{{ column }},
            case when members.{{ key }} is null and held_{{ column }}.{{ column }} is null then published.{{ column }} end
        ) as {{ column }},
        {%- elif column in cleared %}
        case when members.{{ key }} is null then {{ cleared[column] }} else members.{{ column }} end as {{ column }},
        {%- else %}
        members.{{ column }},
        {%- endif %}
        {%- endfor %}
        {%- for column in attributes %}
        {{ crm_segmentation.changed_on(column, key, column in cleared) | indent(8) }} as {{ column }}_changed_on,
        {%- endfor %}
        members.{{ key }} is not null as is_member,
        case
            when members.{{ key }} is null then 'exited'
            when published.is_member then 'updated'
            else 'entered'
        end as change_type,
        coalesce(members.row_hash, {{ crm_segmentation.md5_hex("'exited' || chr(31) || published." ~ key) }}) as row_hash,
        published.row_hash as published_row_hash,
        {%- if attributes %}
        cast({{ crm_segmentation.add_days('clock.today', '-' ~ var('tombstone_days')) }} as {{ dbt.type_string() }}) as first_payload_day,
        {%- endif %}
        {%- for column in identifiers %}
        members.{{ key }} is null and held_{{ column }}.{{ column }} is not null as has_lost_{{ column }},
        {%- endfor %}
        clock.moment as updated_at

    from members

    full outer join published on members.{{ key }} = published.{{ key }}
    {%- for column in identifiers %}

    left join held_{{ column }} on published.{{ column }} = held_{{ column }}.{{ column }}
    {%- endfor %}

    cross join clock

),

changes as (

    select
        {%- for column in columns %}
        {%- if column == 'payload' and attributes %}
        {{ crm_segmentation.json_object(attributes, changed_columns) }} as payload,
        {%- else %}
        compared.{{ column }},
        {%- endif %}
        {%- endfor %}
        {%- if attributes %}
        {% for column in attributes %}coalesce('|{{ column }}:' || compared.{{ column }}_changed_on, '') || {% endfor %}'|' as changed_on,
        {%- endif %}
        compared.is_member,
        cast(compared.change_type as {{ dbt.type_string() }}) as change_type,
        cast(compared.row_hash as {{ dbt.type_string() }}) as row_hash,
        compared.updated_at

    from compared

    where
        compared.published_row_hash is null or compared.row_hash != compared.published_row_hash
        {%- for column in identifiers %}
        or compared.has_lost_{{ column }}
        {%- endfor %}

)

select * from changes
{% endmacro %}


{# The day, yyyy-mm-dd, on which an attribute of a member was last changed: read from changed_on, |a:2026-06-30|b:...|. #}
{% macro changed_on(column, key, is_cleared) -%}
    {%- set today = 'cast(clock.today as ' ~ dbt.type_string() ~ ')' -%}
    {%- set texts = [] -%}
    {%- for relation in ['members', 'published'] -%}
        {%- do texts.append('coalesce(' ~ crm_segmentation.text_of(relation ~ '.' ~ column) ~ ', chr(30))') -%}
    {%- endfor %}
    case
        when members.{{ key }} is null then {{ today if is_cleared else 'null' }}
        when not coalesce(published.is_member, false) or {{ texts | join(' != ') }}
            then {{ today }}
        else {{ crm_segmentation.text_part(crm_segmentation.text_part('published.changed_on', '|' ~ column ~ ':', 2), '|', 1) if is_incremental() else 'null' }}
    end
{%- endmacro %}


{# The described columns of an audience, in their order: the contract makes sure that they are all. #}
{% macro audience_columns(contacts) %}
    {%- if not execute -%}{{- return([]) -}}{%- endif -%}
    {{- return(crm_segmentation.model_node(contacts).columns.keys() | list) -}}
{% endmacro %}


{# Post-hook: exits that every reader has had tombstone_days to deliver. #}
{% macro forget_old_exits() -%}
    delete from {{ this }}
    {%- set oldest = 'cast(' ~ crm_segmentation.add_days(crm_segmentation.as_of_date(), '-' ~ var('tombstone_days')) ~ ' as timestamp)' %}
    where not is_member and updated_at < {{ crm_segmentation.engine_types(oldest) }}
{%- endmacro %}
