{# Whether a browser names itself as a machine: crawlers, monitors and browsers without a screen. Cubot makes telephones. #}
{% macro is_machine_agent(user_agent) -%}
    coalesce(
        {{ crm_segmentation.regexp_like(
            'lower(' ~ user_agent ~ ')',
            'bot[-/;)]|crawler|spider|slurp|headlesschrome|phantomjs|lighthouse|externalhit|pingdom|uptimerobot|python-requests'
        ) }},
        false
    )
{%- endmacro %}


{# When a person did what a tracker reports: at the moment that it gives, which a wrong clock may set after the report was received. #}
{% macro tracked_at(occurred_at, received_at) -%}
    {{ crm_segmentation.least_of([occurred_at, received_at]) }}
{%- endmacro %}


{# The path of an address, without host and query. #}
{% macro path_of_address(url) -%}
    {%- set address = crm_segmentation.text_part(crm_segmentation.text_part(url, '?', 1), '#', 1) -%}
    {{ crm_segmentation.regexp_replace_all(address, '^[a-zA-Z]+://[^/]*', '') }}
{%- endmacro %}


{# The people of a tracker as contacts. shown: relation of what calls or events show of a person, the newest by trait_rank first, with
   shown_at; traits: its columns, email among them. Of each trait the one that was shown last counts, because a call has the traits that it is about. #}
{% macro tracked_contacts(shown, traits, account_created_at) %}
    with

    people as (

        select
            source_system,
            user_id,
            {%- for trait in traits %}
            {{ crm_segmentation.value_at_lowest(trait, 'trait_rank') }} as {{ trait }},
            {%- endfor %}
            min({{ account_created_at }}) as account_created_at,
            min(shown_at) as first_shown_at,
            max(shown_at) as updated_at,
            max(loaded_at) as loaded_at

        from {{ shown }}

        group by source_system, user_id

    )

    select
        source_system,
        user_id as source_contact_id,
        {%- for trait in traits if trait != 'email' %}
        {{ trait }},
        {%- endfor %}
        updated_at,
        loaded_at,
        coalesce(email, {{ crm_segmentation.email_address('user_id') }}) as email,
        {{ crm_segmentation.least_of(['account_created_at', 'first_shown_at']) }} as created_at

    from people
{% endmacro %}
