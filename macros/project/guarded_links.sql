{# Links by identifiers with conflicts_on are judged in two rounds by the same rules. Round 1: types that only people dispute who
   differ in two things at once (e-mail). Round 2: types that one difference is enough for (phone), between the people of round 1. #}

{# The round that a list of conflicts_on is judged in; 0 where nothing disputes a shared value. #}
{% macro guard_round(conflicts_on) -%}
    case
        when {{ conflicts_on }} is null then 0
        when {{ crm_segmentation.regexp_like(conflicts_on, '^[^|+]+[+][^|+]+([|][^|+]+[+][^|+]+)*$') }} then 1
        else 2
    end
{%- endmacro %}


{# Records that show a value that several people show; a person is a component of people, or a record of its own. #}
{% macro identifiers_of_several_people(identifiers, people) %}
    select
        record_number,
        person_number,
        first_person_number,
        identifier_type,
        identifier_key,
        conflicts_on,
        strength

    from (
        select
            {{ identifiers }}.*,
            coalesce({{ people }}.component, {{ identifiers }}.record_number) as person_number,
            min(coalesce({{ people }}.component, {{ identifiers }}.record_number)) over (
                partition by {{ identifiers }}.identifier_type, {{ identifiers }}.identifier_key
            ) as first_person_number,
            max(coalesce({{ people }}.component, {{ identifiers }}.record_number)) over (
                partition by {{ identifiers }}.identifier_type, {{ identifiers }}.identifier_key
            ) as last_person_number

        from {{ identifiers }}

        left join {{ people }} on {{ identifiers }}.record_number = {{ people }}.node
    ) as held

    where first_person_number != last_person_number
{% endmacro %}


{# What tells apart the people who share a value: each attribute that their records agree on, and each two of them that some
   conflicts_on joins by a plus sign. #}
{% macro distinguishing_values(shared, people, round) %}
    with

    sharing_people as (

        select distinct person_number from {{ shared }}

    ),

    guards as (

        select distinct conflicts_on from {{ shared }}

    ),

    members as (

        select
            records.record_number,
            records.birth_date_key,
            records.first_name_key,
            records.initials_key,
            sharing_people.person_number

        from {{ ref('crm_segmentation', 'int_identity__records') }} as records

        left join {{ people }} on records.record_number = {{ people }}.node

        inner join sharing_people on coalesce({{ people }}.component, records.record_number) = sharing_people.person_number

    ),

    known_values as (

        {%- for attribute in ['birth_date', 'first_name', 'initials'] %}

        select
            person_number,
            '{{ attribute }}' as attribute_name,
            {{ attribute }}_key as attribute_key

        from members

        where {{ attribute }}_key is not null

        union all
        {%- endfor %}

        select
            members.person_number,
            identifiers.identifier_type as attribute_name,
            identifiers.identifier_key as attribute_key

        from {{ ref('crm_segmentation', 'int_identity__identifiers') }} as identifiers

        inner join members on identifiers.record_number = members.record_number

        where identifiers.blocked_reason is null and identifiers.guard_round < {{ round }}

    ),

    -- Where the records of one person differ among themselves, the attribute tells nothing.
    agreed_values as (

        select
            person_number,
            attribute_name,
            min(attribute_key) as attribute_key

        from known_values

        group by person_number, attribute_name

        having min(attribute_key) = max(attribute_key)

    )

    select distinct
        agreed_values.person_number,
        agreed_values.attribute_name,
        agreed_values.attribute_key,
        cast(null as {{ dbt.type_string() }}) as other_attribute_key

    from agreed_values

    inner join guards on {{ crm_segmentation.is_listed('agreed_values.attribute_name', 'guards.conflicts_on') }}

    union all

    select distinct
        agreed_values.person_number,
        agreed_values.attribute_name || '+' || other_values.attribute_name as attribute_name,
        agreed_values.attribute_key,
        other_values.attribute_key as other_attribute_key

    from agreed_values

    inner join agreed_values as other_values
        on
            agreed_values.person_number = other_values.person_number
            and agreed_values.attribute_name != other_values.attribute_name

    inner join guards
        on {{ crm_segmentation.is_listed("agreed_values.attribute_name || '+' || other_values.attribute_name", 'guards.conflicts_on') }}
{% endmacro %}


{# Whether two of a group's people differ; of two attributes, in both at once. Where no two differ in both, all share the one or
   all share the other, so that no pair has to be looked at. #}
{% macro is_disagreement(distinguishing) -%}
    min({{ distinguishing }}.attribute_key) != max({{ distinguishing }}.attribute_key)
    and (
        max({{ distinguishing }}.other_attribute_key) is null
        or min({{ distinguishing }}.other_attribute_key) != max({{ distinguishing }}.other_attribute_key)
    )
{%- endmacro %}


{# Values whose holders disagree, each with the first attribute, by name, on which they do. However many hold a value: one look
   at them all, no pairs, and no order in which they come. #}
{% macro disputed_identifiers(shared, distinguishing) %}
    select
        identifier_type,
        identifier_key,
        min(attribute_name) as disputed_attribute

    from (
        select
            {{ shared }}.identifier_type,
            {{ shared }}.identifier_key,
            {{ distinguishing }}.attribute_name

        from {{ shared }}

        inner join {{ distinguishing }}
            on
                {{ shared }}.person_number = {{ distinguishing }}.person_number
                and {{ crm_segmentation.is_listed(distinguishing ~ '.attribute_name', shared ~ '.conflicts_on') }}

        group by {{ shared }}.identifier_type, {{ shared }}.identifier_key, {{ distinguishing }}.attribute_name

        having {{ crm_segmentation.is_disagreement(distinguishing) }}
    ) as disagreements

    group by identifier_type, identifier_key
{% endmacro %}


{# Pairs of people whom a value joins that nobody disputes. #}
{% macro undisputed_pairs(shared, disputed) %}
    select
        {{ shared }}.first_person_number as node_a,
        {{ shared }}.person_number as node_b

    from {{ shared }}

    left join {{ disputed }}
        on
            {{ shared }}.identifier_type = {{ disputed }}.identifier_type
            and {{ shared }}.identifier_key = {{ disputed }}.identifier_key

    where {{ disputed }}.identifier_key is null
{% endmacro %}


{# Components in which two people disagree. A and B share a phone, B and C another; A and C disagree. Nobody can say which link is
   wrong, so none holds. #}
{% macro disputed_chains(shared, distinguishing, chains) %}
    with

    guards as (

        select distinct
            {{ chains }}.component,
            {{ shared }}.conflicts_on

        from {{ shared }}

        inner join {{ chains }} on {{ shared }}.person_number = {{ chains }}.node

    )

    select distinct component

    from (
        select
            {{ chains }}.component,
            {{ distinguishing }}.attribute_name

        from {{ chains }}

        inner join {{ distinguishing }} on {{ chains }}.node = {{ distinguishing }}.person_number

        inner join guards
            on
                {{ chains }}.component = guards.component
                and {{ crm_segmentation.is_listed(distinguishing ~ '.attribute_name', 'guards.conflicts_on') }}

        group by {{ chains }}.component, {{ distinguishing }}.attribute_name

        having {{ crm_segmentation.is_disagreement(distinguishing) }}
    ) as disagreements
{% endmacro %}


{# Every record with its person: the chain that it is in, or where that is disputed the person before it. #}
{% macro people_after_chains(people, chains, disputed_chains) %}
    select
        records.record_number as node,
        case
            when {{ disputed_chains }}.component is not null then {{ chains }}.node
            else coalesce({{ chains }}.component, {{ people }}.component, records.record_number)
        end as component

    from {{ ref('crm_segmentation', 'int_identity__records') }} as records

    left join {{ people }} on records.record_number = {{ people }}.node

    left join {{ chains }} on coalesce({{ people }}.component, records.record_number) = {{ chains }}.node

    left join {{ disputed_chains }} on {{ chains }}.component = {{ disputed_chains }}.component
{% endmacro %}


{# Pairs of records that a value joins which nobody disputes, its first holder standing for all. #}
{% macro undisputed_edges(shared, disputed, chains, disputed_chains) %}
    select
        first_record_number as node_a,
        record_number as node_b,
        identifier_type as link_type,
        strength,
        cast(null as numeric(5, 4)) as match_score

    from (
        select
            {{ shared }}.record_number,
            {{ shared }}.identifier_type,
            {{ shared }}.strength,
            min({{ shared }}.record_number) over (
                partition by {{ shared }}.identifier_type, {{ shared }}.identifier_key
            ) as first_record_number

        from {{ shared }}

        inner join {{ chains }} on {{ shared }}.person_number = {{ chains }}.node

        left join {{ disputed_chains }} on {{ chains }}.component = {{ disputed_chains }}.component

        left join {{ disputed }}
            on
                {{ shared }}.identifier_type = {{ disputed }}.identifier_type
                and {{ shared }}.identifier_key = {{ disputed }}.identifier_key

        where {{ disputed_chains }}.component is null and {{ disputed }}.identifier_key is null
    ) as undisputed

    where first_record_number != record_number
{% endmacro %}
