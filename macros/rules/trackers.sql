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
    {{ crm_segmentation.regexp_replace_all("split_part(split_part(" ~ url ~ ", '?', 1), '#', 1)", '^[a-zA-Z]+://[^/]*', '') }}
{%- endmacro %}
