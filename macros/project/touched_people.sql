{# Pre-hook of int_contacts__sessions: the sessions of touched people go. The model then builds whoever has none.
   changes is named so that the days to build anew are known before. #}
{% macro delete_sessions_of_touched_people(changes) -%}
    {%- set start = crm_segmentation.window_start() -%}
    {%- if is_incremental() and start is none -%}
        delete from {{ this }} where 1 = 1
    {%- elif is_incremental() -%}
        merge into {{ this }} as sessions
        using (
            {{ crm_segmentation.engine_types(crm_segmentation.touched_people(start)) }}
        ) as touched_people
            on sessions.person_key = touched_people.person_key
        when matched then delete
    {%- endif -%}
{%- endmacro %}


{# Select of the people whose sessions may not be what they were: a session or a visit of theirs lies in the window of late
   events, or a visitor has become theirs or is theirs no more. #}
{% macro touched_people(start) -%}
    {%- set owners = ref('crm_segmentation', 'int_contacts__visitor_owners') -%}
    select person_key
    from {{ this }}
    where ended_at >= cast('{{ start }} 00:00:00' as timestamp)

    union distinct

    select person_key
    from {{ ref('crm_segmentation', 'int_behaviour__owned_visits') }}
    where occurred_on >= cast('{{ start }}' as date)
    {%- for owner in ['owners.contact_id', 'null'] %}

    union distinct

    select {{ crm_segmentation.person_key('owners', owner) }} as person_key
    from {{ owners }} as owners
    inner join {{ owners }} as visitors
        on
            {{ crm_segmentation.same_visitor('owners') }}
    where visitors.change_number > (select max(owner_change_number) from {{ this }})
    {%- endfor %}
{%- endmacro %}
